/// A text as scalars, which is how libyaml counts, with its lines.
///
/// `ByteScan` has looked at it before: its line breaks are LF and CR LF.
struct SyntaxText {
  let scalars: [Unicode.Scalar]
  /// Where each line starts.
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    starts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    self.scalars = scalars
  }

  /// The number, from 0, of the line on which a place is.
  func line(of place: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }

  func start(of line: Int) -> Int { line < starts.count ? starts[line] : scalars.count }

  /// The column of a place, from 0.
  func column(of place: Int) -> Int { place - start(of: line(of: place)) }

  /// The place of the break that ends the line of a place.
  func end(of place: Int) -> Int {
    scalars[min(place, scalars.count)...].firstIndex(of: "\n") ?? scalars.count
  }

  /// A part without white space at its end.
  func trimmed(_ range: Range<Int>) -> String {
    var end = range.upperBound
    while end > range.lowerBound, SyntaxText.isSpace(scalars[end - 1]) { end -= 1 }
    return String(String.UnicodeScalarView(scalars[range.lowerBound..<end]))
  }

  /// Whether nothing but white space stands before a place on its line.
  func isFirst(_ place: Int) -> Bool {
    scalars[start(of: line(of: place))..<place].allSatisfy(SyntaxText.isSpace)
  }

  /// Whether the line above that of a place is there and blank.
  func isAfterBlank(_ place: Int) -> Bool {
    let line = line(of: place)
    guard line > 0 else { return false }
    return scalars[start(of: line - 1)..<start(of: line)].allSatisfy(SyntaxText.isSpace)
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
  }
}

/// The comments of a text: every `#` that stands in no scalar.
struct CommentList {
  /// One of them and where it begins.
  struct Item {
    var place: Int
    var text: String
  }

  private(set) var items: [Item] = []

  /// - Parameter scalars: where scalars stand, in their order. Of a block scalar the line of its
  ///   indicator may end in a comment, so that it counts from the next line on.
  init(_ text: SyntaxText, outside scalars: [Range<Int>]) {
    var next = 0
    for range in scalars + [text.scalars.count..<text.scalars.count] {
      while next < range.lowerBound {
        guard text.scalars[next] == "#" else {
          next += 1
          continue
        }
        let end = text.end(of: next)
        items.append(Item(place: next, text: text.trimmed(next..<end)))
        next = end
      }
      next = max(next, range.upperBound)
    }
  }
}
