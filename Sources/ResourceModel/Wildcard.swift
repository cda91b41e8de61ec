/// A pattern of names, in which `*` stands for any text; all else means itself, byte by byte.
package struct Wildcard: Sendable, Hashable {
  private let pattern: [UInt8]

  package init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// Whether the pattern describes the whole text.
  ///
  /// Greedy with one place to go back to, so that the time is at most the product of the lengths.
  package func matches(_ text: String) -> Bool {
    let text = Array(text.utf8)
    var (place, index) = (0, 0)
    var retry: (place: Int, index: Int)?
    while index < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        place += 1
        retry = (place, index)
      } else if place < pattern.count, pattern[place] == text[index] {
        place += 1
        index += 1
      } else if let last = retry {
        retry = (last.place, last.index + 1)
        (place, index) = (last.place, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
