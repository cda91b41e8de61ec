import JSON

/// A rule about the amount or form of one value, told with 422 after the whole body was read.
enum Check: Sendable {
  case atLeast(Int)
  case range(Int, Int)
  /// Bounds with a point, as messages show them.
  case floatRange(Double, Double)
  /// The same for a value that is kept in 32 bits and named in 64.
  case float32Range(Double, Double)
  case custom(@Sendable (JSONValue) -> String?)

  /// What is wrong with a value, if anything.
  func complaint(about value: JSONValue) -> String? {
    switch self {
    case .atLeast(let low):
      guard let number = value.number, number.double < Double(low) else { return nil }
      return "value \(number.text) invalid, must be \(low) or larger"
    case .range(let low, let high):
      guard let number = value.number,
        number.double < Double(low) || number.double > Double(high)
      else { return nil }
      return "value \(number.text) invalid, must be from \(low) to \(high)"
    case .floatRange(let low, let high):
      guard let amount = value.double, amount < low || amount > high else { return nil }
      return outside(amount, low, high)
    case .float32Range(let low, let high):
      guard let text = value.number?.text, let single = Float(text) else { return nil }
      let amount = Double(single)
      guard amount < low || amount > high else { return nil }
      return outside(amount, low, high)
    case .custom(let complaint): return complaint(value)
    }
  }

  private func outside(_ amount: Double, _ low: Double, _ high: Double) -> String {
    let texts = [amount, low, high].map { WireNumber.text(of: $0) }
    return "value \(texts[0]) invalid, must be from \(texts[1]) to \(texts[2])"
  }
}

/// A rule that a request breaks.
struct Violation: Sendable, Equatable {
  /// Field names down to the value.
  var path: [String]
  var message: String

  /// Whether others of the same map are wrong, too.
  var isInSeveralVectors: Bool { path.contains { $0.hasPrefix("?[") } }

  /// All of them in the order in which the server tells them, shallow ones first.
  static func text(of violations: [Violation]) -> String {
    let ordered = violations.enumerated().sorted { left, right in
      (left.element.path.count, left.offset) < (right.element.path.count, right.offset)
    }
    let parts = ordered.map { $0.element.path.joined(separator: ".") + ": " + $0.element.message }
    return "[" + parts.joined(separator: "; ") + "]"
  }
}

/// The rules broken so far and the place that is being read.
struct ViolationLog: Sendable {
  var path: [String] = []
  var violations: [Violation] = []

  mutating func check(_ value: JSONValue, as name: String, by checks: [Check]) {
    for check in checks {
      if let message = check.complaint(about: value) {
        violations.append(Violation(path: path + [name], message: message))
      }
    }
  }

  /// Names the entries of a map or list in the paths of what was found in them.
  ///
  /// - Parameter starts: how many violations there were before each entry.
  mutating func nameEntries(_ starts: [Int], naming: MapNaming) {
    guard let first = starts.first, violations.count > first else { return }
    let level = path.count
    var wrong = 0
    let bounds = zip(starts, starts.dropFirst() + [violations.count])
    let count = bounds.count { $0 < $1 }
    for (entry, (start, end)) in bounds.enumerated() where start < end {
      for place in start..<end where violations[place].path.count > level {
        switch naming {
        case .merged:
          violations[place].path[level] = count == 1 ? "?" : "?[\(wrong)]"
        case .indexed, .flattened:
          let base = violations[place].path[level - 1]
          violations[place].path[level - 1] = base + "[\(entry)]"
          violations[place].path.remove(at: level)
        }
      }
      wrong += 1
    }
  }
}
