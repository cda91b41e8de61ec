import JSON

/// What a signed token says.
struct TokenClaims {
  /// A point that has to exist for a token to count.
  struct Existence {
    var collection: String
    var matches: [(path: FieldPath, value: JSONValue)]
  }

  /// Seconds by which clocks may differ.
  private static let leeway = 30.0

  var access: Access
  var mustExist: Existence?
  private var expiry: Double?

  /// The claims of a token that is signed with one of the secrets and has not expired.
  static func verified(
    _ token: String, secrets: [String], now: Double, _ behaviours: Behaviours
  ) throws(AccessFailure) -> TokenClaims {
    let parts = Array(token.utf8).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let header = json(parts[0]), header["alg"]?.string == "HS256",
      let signature = TokenText.decode(parts[2])
    else { throw .unknown }
    let signed = Array(token.utf8).dropLast(parts[2].count + 1)
    var isForeign = false
    for secret in secrets {
      guard TokenText.signature(of: signed, secret: secret) == signature else {
        isForeign = true
        continue
      }
      guard let body = json(parts[1]), let claims = TokenClaims(body) else { continue }
      if let expiry = claims.expiry, expiry < now - leeway {
        throw AccessFailure(status: 403, text: "ExpiredSignature")
      }
      try check(body["access"], behaviours)
      return claims
    }
    throw isForeign ? AccessFailure(status: 403, text: "InvalidSignature") : .unknown
  }

  private static func json(_ part: ArraySlice<UInt8>) -> JSONValue? {
    guard let bytes = TokenText.decode(part) else { return nil }
    do throws(JSONError) { return try JSONParser.parse(bytes) } catch { return nil }
  }

  private init?(_ body: JSONValue) {
    guard let object = body.object, let access = TokenClaims.access(object["access"]) else {
      return nil
    }
    self.access = access
    for name in ["sub", "subject"] {
      if let text = object[name], !text.isNull, text.string == nil { return nil }
    }
    if let expiry = object["exp"], !expiry.isNull {
      guard let seconds = expiry.number?.unsigned else { return nil }
      self.expiry = Double(seconds)
    }
    if let condition = object["value_exists"], !condition.isNull {
      guard let existence = TokenClaims.existence(condition) else { return nil }
      mustExist = existence
    }
  }

  private static func access(_ claim: JSONValue?) -> Access? {
    guard let claim else { return .everything }
    if let word = claim.string {
      switch word {
      case "m": return .everything
      case "r": return .readingEverything
      default: return nil
      }
    }
    guard let rules = claim.array else { return nil }
    var modes: [ExactString: Access.Mode] = [:]
    for rule in rules {
      guard let name = rule["collection"]?.string,
        let mode = rule["access"]?.string.flatMap({ Access.Mode(rawValue: $0) })
      else { return nil }
      modes[ExactString(name)] = mode
    }
    return .collections(modes)
  }

  private static func existence(_ claim: JSONValue) -> Existence? {
    guard let collection = claim["collection"]?.string, let listed = claim["matches"]?.array else {
      return nil
    }
    var existence = Existence(collection: collection, matches: [])
    for match in listed {
      guard let path = match["key"]?.string.flatMap({ FieldPath($0) }), let value = match["value"]
      else { return nil }
      existence.matches.append((path, value))
    }
    return existence
  }

  /// Rules that contradict each other or are of former times.
  private static func check(
    _ claim: JSONValue?, _ behaviours: Behaviours
  ) throws(AccessFailure) {
    var seen: Set<ExactString> = []
    for (index, rule) in (claim?.array ?? []).enumerated() {
      let name = ExactString(rule["collection"]?.string ?? "")
      guard seen.insert(name).inserted else {
        let text = "access[\(index)].collection: Collection name should be unique"
        throw AccessFailure(status: 401, text: text)
      }
      if behaviours.refusesPayloadRules, let payload = rule["payload"], !payload.isNull {
        let text =
          "access[\(index)].payload: The 'payload' constraint is deprecated and should not be used"
        throw AccessFailure(status: 401, text: text)
      }
    }
  }
}
