import JSON

/// Compares answers with recorded ones, in which `<word>` stands for what differs from run to run.
struct Matcher {
  /// What `<word:N>` turned out to be in this scenario.
  var bindings: [String: JSONValue] = [:]
  /// Whether lists show each form of their elements once, as in bodies reduced to their form.
  var comparesForms = false

  /// The first difference: where, what was expected and what was found.
  mutating func difference(
    _ expected: JSONValue, _ actual: JSONValue, at path: String = ""
  ) -> String? {
    switch (expected, actual) {
    case (.string(let text), _) where Placeholder.isWhole(text):
      return fits(text, actual) ? nil : report(expected, actual, path)
    case (.string(let text), .string(let found)):
      return matches(text, found) ? nil : report(expected, actual, path)
    case (.number(let left), .number(let right)):
      let isSame =
        left.isIntegerLiteral == right.isIntegerLiteral
        && (left.isIntegerLiteral ? left.text == right.text : left.isEquivalent(to: right))
      return isSame ? nil : report(expected, actual, path)
    case (.array(let left), .array(let right)):
      return comparesForms
        ? formDifference(left, right, path) : listDifference(left, right, path)
    case (.object(let left), .object(let right)): return objectDifference(left, right, path)
    default: return expected == actual ? nil : report(expected, actual, path)
    }
  }

  private func report(_ expected: JSONValue, _ actual: JSONValue, _ path: String) -> String {
    func short(_ value: JSONValue) -> String { String(value.text().prefix(700)) }
    return "\(path): expected \(short(expected)), found \(short(actual))"
  }

  private mutating func listDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], _ path: String
  ) -> String? {
    guard expected.count == actual.count else {
      return report(.array(expected), .array(actual), path)
    }
    for (index, pair) in zip(expected, actual).enumerated() {
      if let found = difference(pair.0, pair.1, at: path + "[\(index)]") { return found }
    }
    return nil
  }

  private mutating func formDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], _ path: String
  ) -> String? {
    guard expected.isEmpty == actual.isEmpty else {
      return report(.array(expected), .array(actual), path)
    }
    for element in actual {
      guard expected.contains(where: { difference($0, element) == nil }) else {
        return report(.array(expected), element, path)
      }
    }
    for form in expected where !actual.contains(where: { difference(form, $0) == nil }) {
      return report(form, .array(actual), path)
    }
    return nil
  }

  private mutating func objectDifference(
    _ expected: JSONObject, _ actual: JSONObject, _ path: String
  ) -> String? {
    for member in actual.members where expected[member.key] == nil {
      return path + ": unexpected " + member.key + ": " + String(member.value.text().prefix(200))
    }
    guard actual.count == expected.count else {
      let missing = expected.keys.filter { actual[$0] == nil }
      return path + ": missing " + missing.joined(separator: ", ")
    }
    for member in expected.members {
      guard let value = actual[member.key] else { return path + ": missing " + member.key }
      if let found = difference(member.value, value, at: path + "." + member.key) {
        return found
      }
    }
    return nil
  }

  /// Whether a value fits a placeholder, which it is bound to when that has a number.
  private mutating func fits(_ placeholder: String, _ value: JSONValue) -> Bool {
    switch placeholder {
    case "<int>": return value.number?.isIntegerLiteral ?? false
    case "<float>", "<time>": return value.number != nil
    case "<string>": return value.string != nil
    case "<bool>": return value.bool != nil
    default: break
    }
    guard value.object == nil, value.array == nil else { return false }
    guard Placeholder.isNumbered(placeholder) else { return true }
    if let bound = bindings[placeholder] { return bound == value }
    bindings[placeholder] = value
    return true
  }

  /// Whether a text fits one that may have placeholders inside.
  mutating func matches(_ pattern: String, _ text: String) -> Bool {
    let parts = Placeholder.split(pattern)
    guard parts.count > 1 else { return pattern.hasSameBytes(as: text) }
    var attempt = bindings
    guard Placeholder.match(parts[...], Array(text.utf8)[...], &attempt) else { return false }
    bindings = attempt
    return true
  }

  /// A text with what its placeholders are bound to.
  func filled(_ text: String) -> String {
    Placeholder.split(text).map { part in
      switch part {
      case .literal(let text): text
      case .placeholder(let name): bindings[name]?.string ?? bindings[name]?.number?.text ?? name
      }
    }.joined()
  }

  func filled(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(filled(text))
    case .array(let elements): .array(elements.map { filled($0) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { JSONObject.Member(key: $0.key, value: filled($0.value)) }))
    default: value
    }
  }
}
