import Diagnostics
import JSON
import ResourceModel

/// One variable of an environment: a text, number or Boolean.
struct Variable {
  var value: ManifestValue
  /// Where its name stands.
  var span: SourceSpan
}

/// A text with variables in it, taken apart.
struct VariableText {
  enum Part: Equatable {
    case literal(String)
    case variable(String)
  }

  /// What is between `${` and `}` is no name of a variable, or is not closed.
  struct Malformed: Error {
    var found: String
  }

  let parts: [Part]

  /// `${name}` is a variable, `$${` is the text `${`, a `$` alone is itself.
  init(_ text: String) throws(Malformed) {
    var parts: [Part] = []
    var literal = ""
    var rest = Substring(text)
    while let mark = VariableText.mark(in: rest) {
      let isEscaped = rest[..<mark].utf8.last == UInt8(ascii: "$")
      let after = rest.utf8.index(mark, offsetBy: 2)
      literal += rest[..<mark]
      guard !isEscaped else {
        literal.unicodeScalars.removeLast()
        literal += "${"
        rest = rest[after...]
        continue
      }
      guard let end = rest[after...].utf8.firstIndex(of: UInt8(ascii: "}")) else {
        throw Malformed(found: String(rest[mark...]))
      }
      let name = String(rest[after..<end])
      guard VariableText.isName(name) else { throw Malformed(found: "${\(name)}") }
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
      parts.append(.variable(name))
      rest = rest[rest.utf8.index(after: end)...]
    }
    literal += rest
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.parts = parts
  }

  /// Whether `${` stands in a text; by bytes, since a combining mark may follow.
  static func isMarked(_ text: some Sequence<UInt8>) -> Bool {
    var last: UInt8 = 0
    for byte in text {
      if byte == UInt8(ascii: "{"), last == UInt8(ascii: "$") { return true }
      last = byte
    }
    return false
  }

  /// Where the next `${` is.
  private static func mark(in text: Substring) -> Substring.Index? {
    var index = text.utf8.startIndex
    while index < text.utf8.endIndex {
      let next = text.utf8.index(after: index)
      if text.utf8[index] == UInt8(ascii: "$"), next < text.utf8.endIndex,
        text.utf8[next] == UInt8(ascii: "{")
      {
        return index
      }
      index = next
    }
    return nil
  }

  /// Letters, digits, `_` and `-`, not beginning with a digit.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first), first != 0x2D else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
      default: false
      }
    }
  }
}

/// Puts the values of variables in place of their names.
struct Substitution {
  let environment: EnvironmentDocument?
  /// All environments, for saying which of them declare a variable.
  let known: [EnvironmentDocument]
  private(set) var used: Set<String> = []
  private(set) var problems: [Diagnostic] = []
  /// Bytes that were put in place of names so far.
  private var spent = 0

  init(environment: EnvironmentDocument?, known: [EnvironmentDocument]) {
    self.environment = environment
    self.known = known
  }

  /// The value with its variables replaced; nil when one cannot be, which is told.
  mutating func replace(in value: ManifestValue) -> ManifestValue? {
    let told = problems.count
    let result = replaced(value)
    return problems.count == told ? result : nil
  }

  private mutating func replaced(_ value: ManifestValue) -> ManifestValue {
    var value = value
    switch value.content {
    case .scalar(let text, _): return scalar(text, value)
    case .list(let items):
      var new: [ManifestValue] = []
      for item in items { new.append(replaced(item)) }
      value.content = .list(new)
    case .mapping(let entries):
      var new = entries
      for index in entries.indices { new[index].value = replaced(entries[index].value) }
      value.content = .mapping(new)
    }
    return value
  }

  private mutating func scalar(_ text: String, _ value: ManifestValue) -> ManifestValue {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return value }
    let parts: [VariableText.Part]
    do throws(VariableText.Malformed) { parts = try VariableText(text).parts } catch {
      problems.append(Messages.badVariable(error.found, at: value.span))
      return value
    }
    var result = value
    if case .variable(let name)? = parts.first, parts.count == 1 {
      guard let variable = variable(name, at: value.span) else { return value }
      guard mayAdd(variable.value.text ?? "", at: value.span) else { return value }
      result.content = variable.value.content
      result.chain = value.contributors + [link(name, variable)]
      return result
    }
    var joined = ""
    for part in parts {
      switch part {
      case .literal(let text): joined += text
      case .variable(let name):
        guard let variable = variable(name, at: value.span) else { continue }
        let added = variable.value.text ?? ""
        guard mayAdd(added, at: value.span),
          joined.utf8.count + added.utf8.count < YAMLLimits.scalar
        else {
          problems.append(Messages.expansionTooLarge(at: value.span))
          return value
        }
        joined += added
        result.chain = result.contributors + [link(name, variable)]
      }
    }
    if joined != text { result.content = .scalar(joined, isPlain: false) }
    return result
  }

  /// Whether so much more can be put in; what is too much is told.
  private mutating func mayAdd(_ text: String, at span: SourceSpan) -> Bool {
    spent += text.utf8.count
    if spent > YAMLLimits.expansion { problems.append(Messages.expansionTooLarge(at: span)) }
    return spent <= YAMLLimits.expansion
  }

  private func link(_ name: String, _ variable: Variable) -> Provenance.Link {
    Provenance.Link(description: "variable " + name, span: variable.value.span)
  }

  private mutating func variable(_ name: String, at span: SourceSpan) -> Variable? {
    used.insert(name)
    guard let environment else {
      let names = known.filter { $0.variables[name] != nil }.map(\.name).sorted { $0.precedes($1) }
      problems.append(Messages.variableNeedsEnvironment(name, names, at: span))
      return nil
    }
    guard let variable = environment.variables[name] else {
      problems.append(
        Messages.undefinedVariable(
          name, of: environment.name, known: Array(environment.variables.keys), at: span))
      return nil
    }
    return variable
  }
}
