import JSON

/// Compares answers with recorded ones, in which `<word>` stands for what differs from run to run.
struct Matcher {
  /// What `<word:N>` turned out to be in this scenario.
  var bindings: [String: JSONValue] = [:]
  /// How the recorder cut the body down, in which case null is shown as a text.
  var view: String?
  /// Whether places in a body are not compared: those after something that the recorder had of
  /// another length.
  var ignoresColumns = false
  /// Whether lists of unstable steps are compared as sets of shapes.
  var listsAreSets = false

  /// The first difference: where, what was expected and what was found.
  mutating func difference(
    _ expected: JSONValue, _ actual: JSONValue, at path: String = ""
  ) -> String? {
    switch (expected, actual) {
    case (.string("null"), .null) where view != nil: return nil
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
      switch view {
      case "form": return formDifference(left, right, path)
      case "telemetry": return setDifference(left, right, path)
      default:
        let isSet = path.hasSuffix(".remote_shards") && left.count == right.count
        return isSet ? setDifference(left, right, path) : listDifference(left, right, path)
      }
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

  /// Of a list that is reduced to its form the first element is left.
  private mutating func formDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], _ path: String
  ) -> String? {
    guard let form = expected.first, let first = actual.first, expected.count == 1 else {
      return expected.isEmpty && actual.isEmpty
        ? nil : report(.array(expected), .array(actual), path)
    }
    return difference(form, first, at: path + "[0]")
  }

  /// Lists of telemetry come in no order, nor do the copies of a shard; lists of the machine's part
  /// are reduced to their form.
  private mutating func setDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], _ path: String
  ) -> String? {
    guard expected.count == actual.count else { return formDifference(expected, actual, path) }
    var rest = actual
    for element in expected {
      var first: String?
      let place = rest.firstIndex { candidate in
        let found = difference(element, candidate, at: path)
        first = first ?? found
        return found == nil
      }
      guard let place else { return first ?? report(element, .array(rest), path) }
      rest.remove(at: place)
    }
    return nil
  }

  private mutating func objectDifference(
    _ pattern: JSONObject, _ actual: JSONObject, _ path: String
  ) -> String? {
    let expected = JSONObject(
      pattern.members.map { JSONObject.Member(key: filled($0.key), value: $0.value) })
    if let wildcard = expected.members.first, expected.count == 1,
      Placeholder.isWhole(wildcard.key), let only = actual.members.first, actual.count == 1
    {
      return fits(wildcard.key, .string(only.key))
        ? difference(wildcard.value, only.value, at: path + "." + only.key)
        : report(.object(expected), .object(actual), path)
    }
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
    if let bound = bindings[placeholder] { return text(of: bound) == text(of: value) }
    bindings[placeholder] = value
    return true
  }

  /// A peer is a number in a value and a text in a name.
  private func text(of value: JSONValue) -> String { value.string ?? value.text() }

  /// Whether a text fits one that may have placeholders inside.
  mutating func matches(_ pattern: String, _ text: String) -> Bool {
    let pattern = withSortedRules(withoutColumn(withoutRandomName(pattern)))
    let text = withSortedRules(withoutColumn(withoutRandomName(text)))
    let parts = Placeholder.split(pattern)
    guard parts.count > 1 else { return pattern.hasSameBytes(as: text) }
    var attempt = bindings
    guard Placeholder.match(parts[...], Array(text.utf8)[...], &attempt) else { return false }
    bindings = attempt
    return true
  }

  /// What comes after these words by chance: how many characters of the name of a temporary folder
  /// or of a segment.
  private static let randomNames = [("-recovery-", 6), ("/segments/", 36), ("/temp/tmp/", 6)]

  /// A text without random names in it and without the number of a task.
  private func withoutRandomName(_ text: String) -> String {
    for (mark, length) in Matcher.randomNames {
      guard let place = text.firstRange(of: mark)?.upperBound,
        mark != "/temp/tmp/" || text.hasSuffix(".download")
      else { continue }
      return text[..<place] + "XXXXXX" + text[place...].dropFirst(length)
    }
    guard let end = text.firstRange(of: " panicked with message")?.lowerBound else { return text }
    let start = text[..<end].lastIndex(of: " ") ?? text.startIndex
    return text[..<start] + " N" + text[end...]
  }

  private func withoutColumn(_ text: String) -> String {
    guard ignoresColumns, let mark = text.firstRange(of: " column ") else { return text }
    return text[..<mark.upperBound] + "N" + text[mark.upperBound...].drop { $0.isNumber }
  }

  /// Before the fields of a request are checked they stand in a table of an order that is another
  /// in every process: the broken rules of one body are compared as a set.
  private func withSortedRules(_ text: String) -> String {
    guard text.hasPrefix("Validation error in "), let start = text.firstRange(of: ": [")?.upperBound
    else { return text }
    let rules = text[start...].dropLast().split(separator: "; ").map(String.init)
    return text[..<start] + rules.sorted().joined(separator: "; ") + "]"
  }

  /// A text with what its placeholders are bound to.
  func filled(_ text: String) -> String {
    Placeholder.split(text).map { part in
      switch part {
      case .literal(let text): text
      case .placeholder(let name): value(of: name)
      }
    }.joined()
  }

  /// What a placeholder is bound to; `<word:N:upper>` is that in capitals.
  private func value(of name: String) -> String {
    if name.hasSuffix(":upper>") {
      return value(of: name.dropLast(":upper>".count) + ">").uppercased()
    }
    return bindings[name].map { text(of: $0) } ?? name
  }

  /// A value with the placeholders in names filled, not those in values.
  func withNames(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map { withNames($0) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map {
            JSONObject.Member(key: filled($0.key), value: withNames($0.value))
          }))
    default: value
    }
  }

  func filled(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(filled(text))
    case .array(let elements): .array(elements.map { filled($0) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map {
            JSONObject.Member(key: filled($0.key), value: filled($0.value))
          }))
    default: value
    }
  }
}
