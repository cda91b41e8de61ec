/// Which requests a fault meets.
package struct FaultMatcher: Sendable, Equatable {
  /// Methods; empty for all.
  package var methods: [String]
  /// A pattern over the raw path without its query: `*` stands for any text within a segment,
  /// `**` for any text at all.
  package var path: String
  /// A text that the body must contain; nil for none.
  package var bodyContains: String?
  /// The first of the matching requests that is met, from 1.
  package var nth: Int
  /// How many are met from there on; nil for all.
  package var times: Int?

  package init(
    methods: [String] = [], path: String = "**", bodyContains: String? = nil, nth: Int = 1,
    times: Int? = 1
  ) {
    self.methods = methods
    self.path = path
    self.bodyContains = bodyContains
    self.nth = nth
    self.times = times
  }

  /// Whether a request is of the kind, whatever its number.
  func matches(_ request: SimulatedRequest) -> Bool {
    guard methods.isEmpty || methods.contains(request.method) else { return false }
    let requestPath = request.target.utf8.prefix { $0 != UInt8(ascii: "?") }
    guard PathPattern.matches(Array(requestPath), Array(path.utf8)) else { return false }
    return bodyContains.map { PathPattern.contains(request.body, Array($0.utf8)) } ?? true
  }

  /// Whether the matching request of that number, from 1, is met.
  func meets(number: Int) -> Bool {
    guard number >= nth else { return false }
    guard let times else { return true }
    return number - nth < times
  }
}

/// A fault with the requests that it meets.
package struct FaultRule: Sendable, Equatable {
  package var matcher: FaultMatcher
  package var fault: Fault

  package init(_ matcher: FaultMatcher, _ fault: Fault) {
    self.matcher = matcher
    self.fault = fault
  }
}

/// Patterns with `*` and `**`, over bytes.
enum PathPattern {
  /// Whether all of a text fits; costs the product of the two lengths, whatever the pattern.
  static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
    let star = UInt8(ascii: "*")
    var reachable = Array(repeating: false, count: text.count + 1)
    reachable[0] = true
    var index = 0
    while index < pattern.count {
      let isDouble =
        pattern[index] == star && index + 1 < pattern.count && pattern[index + 1] == star
      if pattern[index] == star {
        for at in 0..<text.count where reachable[at] {
          if isDouble || text[at] != UInt8(ascii: "/") { reachable[at + 1] = true }
        }
      } else {
        for at in stride(from: text.count, to: 0, by: -1) {
          reachable[at] = reachable[at - 1] && text[at - 1] == pattern[index]
        }
        reachable[0] = false
      }
      index += isDouble ? 2 : 1
    }
    return reachable[text.count]
  }

  /// Whether a text stands in another.
  static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { at in
      text[at] == first && text[at..<(at + part.count)].elementsEqual(part)
    }
  }
}
