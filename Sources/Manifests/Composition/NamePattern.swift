import JSON

/// What a level of a hierarchy may hold, as a small kind of regular expression.
///
/// Literals, `.`, classes such as `[a-z0-9_-]` and `[^.]`, groups `(a|b)`, and `*`, `+`, `?`,
/// `{m}`, `{m,}`, `{m,n}`; a pattern describes the whole text. It is matched by following all
/// possibilities at once, so that no pattern and no text takes more than their product in time.
struct NamePattern: Sendable {
  /// Why a text is no pattern.
  struct Malformed: Error {
    var reason: String
    /// The character at which it goes wrong, from 0.
    var offset: Int
  }

  /// A set of characters.
  struct CharacterSet: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }

  /// A state of the machine.
  private enum State: Sendable {
    case characters(CharacterSet, next: Int)
    case split(Int, Int)
    case end
  }

  private var states: [State] = []
  private var start = 0
  /// All characters that may stand in a text that it describes.
  private(set) var alphabet: [CharacterSet] = []

  /// States that a pattern may need: `{1,255}` of something simple, several times.
  private static let limit = 4000
  /// Parts that were built, those without a state among them.
  private var work = 0

  init(_ text: String) throws(Malformed) {
    var parser = Parser(text: Array(text.unicodeScalars))
    let tree = try parser.whole()
    states = [.end]
    start = try build(tree, to: 0)
  }

  /// Whether the pattern describes the whole text.
  func matches(_ text: String) -> Bool {
    var marks = [UInt32](repeating: 0, count: states.count)
    var round: UInt32 = 1
    var current = closure([start], &marks, round)
    for scalar in text.unicodeScalars {
      var next: [Int] = []
      for index in current {
        if case .characters(let set, let after) = states[index], set.contains(scalar) {
          next.append(after)
        }
      }
      round += 1
      current = closure(next, &marks, round)
      if current.isEmpty { return false }
    }
    return marks[0] == round
  }

  /// Whether a character may stand in a text that it describes.
  func mayHold(_ scalar: Unicode.Scalar) -> Bool { alphabet.contains { $0.contains(scalar) } }

  /// The states that are reached without a character.
  private func closure(_ from: [Int], _ marks: inout [UInt32], _ round: UInt32) -> [Int] {
    var reached: [Int] = []
    var open = from
    while let index = open.popLast() {
      guard marks[index] != round else { continue }
      marks[index] = round
      reached.append(index)
      if case .split(let left, let right) = states[index] { open += [left, right] }
    }
    return reached
  }

  private mutating func add(_ state: State) throws(Malformed) -> Int {
    guard states.count < NamePattern.limit else {
      throw Malformed(reason: "it is too large", offset: 0)
    }
    states.append(state)
    return states.count - 1
  }

  private mutating func build(_ tree: Tree, to next: Int) throws(Malformed) -> Int {
    work += 1
    guard work < 10 * NamePattern.limit else {
      throw Malformed(reason: "it is too large", offset: 0)
    }
    switch tree {
    case .characters(let set):
      if !alphabet.contains(set) { alphabet.append(set) }
      return try add(.characters(set, next: next))
    case .sequence(let parts):
      var target = next
      for part in parts.reversed() { target = try build(part, to: target) }
      return target
    case .choice(let parts):
      var target = try build(parts[parts.count - 1], to: next)
      for part in parts.dropLast().reversed() {
        target = try add(.split(try build(part, to: next), target))
      }
      return target
    case .repetition(let part, let least, let most):
      var target = next
      if let most {
        for _ in 0..<(most - least) {
          target = try add(.split(try build(part, to: target), next))
        }
      } else {
        let loop = try add(.split(next, next))
        states[loop] = .split(try build(part, to: loop), next)
        target = loop
      }
      for _ in 0..<least { target = try build(part, to: target) }
      return target
    }
  }

  /// A pattern as it is written.
  private indirect enum Tree {
    case characters(CharacterSet)
    case sequence([Tree])
    case choice([Tree])
    case repetition(Tree, least: Int, most: Int?)
  }

  /// Reads patterns.
  private struct Parser {
    let text: [Unicode.Scalar]
    var index = 0
    var depth = 0

    func failure(_ reason: String) -> Malformed {
      Malformed(reason: reason, offset: min(index, max(0, text.count - 1)))
    }

    mutating func whole() throws(Malformed) -> Tree {
      let tree = try choice()
      guard index == text.count else { throw failure("')' closes nothing") }
      return tree
    }

    private mutating func choice() throws(Malformed) -> Tree {
      depth += 1
      defer { depth -= 1 }
      guard depth <= 20 else { throw failure("groups are nested too deep") }
      var parts = [try sequence()]
      while index < text.count, text[index] == "|" {
        index += 1
        parts.append(try sequence())
      }
      return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(Malformed) -> Tree {
      var parts: [Tree] = []
      while index < text.count, text[index] != "|", text[index] != ")" {
        parts.append(try repeated(try single()))
      }
      return .sequence(parts)
    }

    private mutating func single() throws(Malformed) -> Tree {
      let scalar = text[index]
      switch scalar {
      case "(":
        index += 1
        let inner = try choice()
        guard index < text.count else { throw failure("'(' is not closed") }
        index += 1
        return inner
      case "[": return .characters(try set())
      case ".":
        index += 1
        return .characters(CharacterSet(ranges: [], isNegated: true))
      case "*", "+", "?", "{": throw failure("'\(scalar)' repeats nothing")
      case "^", "$": throw failure("a pattern describes the whole text; leave '\(scalar)' out")
      default: return .characters(CharacterSet(ranges: try escaped()))
      }
    }

    /// One character, or what a backslash makes of the next one.
    private mutating func escaped() throws(Malformed) -> [ClosedRange<UInt32>] {
      let scalar = text[index]
      guard scalar == "\\" else {
        index += 1
        return [scalar.value...scalar.value]
      }
      guard index + 1 < text.count else { throw failure("a backslash at the end") }
      let next = text[index + 1]
      switch next {
      case "d":
        index += 2
        return [0x30...0x39]
      case "w":
        index += 2
        return [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
      case _ where next.isASCII && !next.properties.isAlphabetic && !("0"..."9").contains(next):
        index += 2
        return [next.value...next.value]
      default: throw failure("'\\\(next)' is not known; known are \\d, \\w and \\ before a mark")
      }
    }

    private mutating func set() throws(Malformed) -> CharacterSet {
      let open = index
      index += 1
      var set = CharacterSet(ranges: [])
      if index < text.count, text[index] == "^" {
        set.isNegated = true
        index += 1
      }
      while index < text.count, text[index] != "]" {
        var ranges = try escaped()
        let isRange =
          ranges.count == 1 && ranges[0].count == 1 && index + 1 < text.count
          && text[index] == "-" && text[index + 1] != "]"
        if isRange {
          index += 1
          let last = try escaped()
          guard last.count == 1, last[0].count == 1, last[0].lowerBound >= ranges[0].lowerBound
          else { throw failure("the range runs backwards") }
          ranges = [ranges[0].lowerBound...last[0].lowerBound]
        }
        set.ranges += ranges
      }
      guard index < text.count, !set.ranges.isEmpty else {
        index = open
        throw failure("'[' is empty or not closed")
      }
      index += 1
      return set
    }

    private mutating func repeated(_ tree: Tree) throws(Malformed) -> Tree {
      guard index < text.count else { return tree }
      switch text[index] {
      case "*":
        index += 1
        return .repetition(tree, least: 0, most: nil)
      case "+":
        index += 1
        return .repetition(tree, least: 1, most: nil)
      case "?":
        index += 1
        return .repetition(tree, least: 0, most: 1)
      case "{":
        index += 1
        let least = try number()
        var most: Int? = least
        if index < text.count, text[index] == "," {
          index += 1
          most = index < text.count && text[index] == "}" ? nil : try number()
        }
        guard index < text.count, text[index] == "}" else { throw failure("'{' is not closed") }
        if let most, most < least { throw failure("the bounds run backwards") }
        index += 1
        return .repetition(tree, least: least, most: most)
      default: return tree
      }
    }

    private mutating func number() throws(Malformed) -> Int {
      var value = 0
      let first = index
      while index < text.count, ("0"..."9").contains(text[index]), index - first < 4 {
        value = value * 10 + Int(text[index].value - 0x30)
        index += 1
      }
      guard index > first, value <= 255 else { throw failure("a number from 0 to 255 is due") }
      return value
    }
  }
}
