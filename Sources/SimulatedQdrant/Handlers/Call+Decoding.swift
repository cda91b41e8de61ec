import JSON

extension Call {
  /// The body by a shape; 400 when it cannot be read, 422 when it breaks a rule.
  func body(_ shape: Shape, settings: ServerSettings) throws(Refusal) -> JSONValue {
    let limit = settings.maxRequestBytes
    guard request.body.count <= limit else {
      throw settings.oversized(request.body.count, limit: limit)
    }
    var decoding = StreamDecoding(request.body, settings.behaviours)
    let value: JSONValue
    do throws(WireFailure) { value = try decoding.document(shape) } catch {
      throw Refusal(status: 400, text: "Format error in JSON body: " + error.text)
    }
    let isSevere = decoding.log.violations.contains(where: \.isInSeveralVectors)
    if isSevere, settings.behaviours.panicsOverSeveralVectors { throw .noAnswer }
    guard decoding.log.violations.isEmpty else {
      throw .invalid("JSON body", decoding.log.violations)
    }
    return value
  }

  /// The `timeout` of calls that demand at least a second.
  func checkTimeout() throws(Refusal) {
    guard let timeout = try unsigned("timeout"), timeout < 1 else { return }
    throw .invalid(
      "query parameters",
      [Violation(path: ["timeout"], message: "value \(timeout) invalid, must be 1 or larger")])
  }

  /// What an update may carry; whether it waits.
  func updateParameters(_ settings: ServerSettings) throws(Refusal) -> Bool {
    var waits = false
    if let wait = target.value("wait") {
      guard wait == "true" || wait == "false" else {
        throw query("provided string was not `true` or `false`")
      }
      waits = wait == "true"
    }
    if let ordering = target.value("ordering") {
      let choice = Choice(variants: ["weak", "medium", "strong"])
      if choice.canonical(ordering) == nil { throw query(choice.refusal(ordering).message) }
    }
    guard settings.behaviours.knowsUpdateTimeouts else { return waits }
    guard settings.behaviours.readsUpdateTimeouts else {
      guard let text = target.value("timeout") else { return waits }
      throw query("invalid type: string \(RustText.debug(text)), expected struct Duration")
    }
    _ = try unsigned("timeout")
    return waits
  }

  /// An unsigned number among the query parameters.
  func unsigned(_ name: String) throws(Refusal) -> UInt64? {
    guard let text = target.value(name) else { return nil }
    if text.isEmpty { throw query("cannot parse integer from empty string") }
    let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw query("invalid digit found in string")
    }
    guard let value = UInt64(digits) else {
      throw query("number too large to fit in target type")
    }
    return value
  }

  func query(_ text: String) -> Refusal {
    Refusal(status: 400, text: "Deserialize error in query parameters: " + text)
  }
}

/// Rules about names in paths.
enum NameRule {
  private static let forbidden: [Character] = [
    "<", ">", ":", "\"", "/", "\\", "|", "?", "*", "\0", "\u{1F}",
  ]

  /// A collection to be created.
  static func checkNewCollection(_ name: String, _ behaviours: Behaviours) throws(Refusal) {
    try check(name, forbidden: forbidden, parameter: behaviours.nameParameter)
  }

  /// A collection that is asked for.
  static func checkCollection(_ name: String, _ behaviours: Behaviours) throws(Refusal) {
    try check(
      name, forbidden: behaviours.checksCharactersOfNames ? ["/", "\0"] : [],
      parameter: behaviours.nameParameter)
  }

  /// A collection whose vectors are named in the path: only the length counts.
  static func checkLength(_ name: String) throws(Refusal) { try check(name, forbidden: []) }

  private static func check(
    _ name: String, forbidden: [Character], parameter: String = "collection_name"
  ) throws(Refusal) {
    var violations: [Violation] = []
    let length = name.unicodeScalars.count
    if !(1...255).contains(length) {
      violations.append(
        Violation(
          path: [parameter],
          message: "value \"\(name)\" invalid, must be from 1 to 255 characters"))
    }
    if let found = found(forbidden, in: name) {
      violations.append(
        Violation(
          path: [parameter],
          message: "collection name cannot contain \"\(found)\" char"))
    }
    guard violations.isEmpty else { throw .invalid("path parameters", violations) }
  }

  private static func found(_ forbidden: [Character], in name: String) -> Character? {
    forbidden.first { character in
      character.unicodeScalars.first.map { name.unicodeScalars.contains($0) } ?? false
    }
  }

  /// What is wrong with a new vector name, if anything.
  static func complaint(aboutVector name: String) -> String? {
    if name.utf8.count > 200 { return "vector name must be at most 200 bytes long" }
    return found(forbidden, in: name).map { "vector name cannot contain \"\($0)\" char" }
  }
}
