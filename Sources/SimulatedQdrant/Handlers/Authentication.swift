import JSON

/// An answer to a request whose credential does not count: plain text without a type.
struct AccessFailure: Error {
  var status: Int
  var text: String

  static let missing = AccessFailure(
    status: 401, text: "Must provide an API key or an Authorization bearer token")
  static let unknown = AccessFailure(status: 401, text: "Invalid API key or JWT")

  var response: SimulatedResponse {
    SimulatedResponse(status: status, body: Array(text.utf8))
  }
}

extension SimulatedServer {
  /// Paths that anybody may read.
  private static let openPaths = ["healthz", "readyz", "livez", "dashboard"]

  /// What the credential of a request allows.
  func authenticate(_ call: Call) throws(AccessFailure) -> Access {
    let full = [configuration.apiKey, configuration.otherKey].compactMap(\.self)
    guard !full.isEmpty || configuration.readOnlyKey != nil else { return .everything }
    guard let first = call.target.segments.first,
      !SimulatedServer.openPaths.contains(first)
    else { return .everything }
    guard let credential = call.credential else { throw .missing }
    if full.contains(where: { $0.hasSameBytes(as: credential) }) { return .everything }
    if configuration.readOnlyKey?.hasSameBytes(as: credential) == true {
      return .readingEverything
    }
    guard configuration.usesTokens else { throw .unknown }
    let claims = try TokenClaims.verified(
      credential, secrets: full, now: call.now, configuration.behaviours)
    try checkExistence(claims.mustExist)
    return claims.access
  }

  /// Whether the point that keeps a token alive is there.
  private func checkExistence(_ condition: TokenClaims.Existence?) throws(AccessFailure) {
    guard let condition else { return }
    let text = "Invalid JWT, stateful validation failed"
    let key = ExactString(condition.collection)
    guard let collection = collections[aliases[key] ?? key] else {
      throw AccessFailure(status: 403, text: text)
    }
    let exists = collection.points.ids.contains { id in
      guard let payload = collection.points[id]?.payload else { return false }
      return condition.matches.allSatisfy { path, value in
        path.values(in: payload).contains { $0.isEquivalent(to: value) }
      }
    }
    guard exists else { throw AccessFailure(status: 401, text: text) }
  }

  /// Answers a request whose credential does not allow it: mistakes in it are told first.
  func refuse(_ call: Call, _ reason: String) -> Reply {
    var scratch = self
    do throws(Refusal) {
      let reply = try scratch.route(call)
      if case .noRoute = reply { return reply }
    } catch {
      if error.isAboutForm { return .refusal(error) }
    }
    if call.isAboutFile, call.isMethod("GET") || configuration.behaviours.refusesUploadsPlainly {
      let type = "text/plain; charset=utf-8"
      return .plain(status: 403, type: type, text: "Forbidden: " + reason)
    }
    return .refusal(.forbidden(reason))
  }
}

extension Call {
  /// The key or token; that of its own header counts even when it is empty.
  fileprivate var credential: String? {
    if let key = header("api-key") { return key }
    let prefix = "Bearer "
    guard let text = header("authorization"), text.hasPrefix(prefix) else { return nil }
    return String(text.dropFirst(prefix.count))
  }

  /// The first value of a header.
  func header(_ name: String) -> String? {
    request.headers.first { $0.name == name }?.value
  }

  /// Whether a snapshot file is sent or fetched; such calls are refused in plain text.
  fileprivate var isAboutFile: Bool {
    let segments = target.segments
    guard let place = segments.lastIndex(of: "snapshots"), place + 1 < segments.count else {
      return segments.last == "snapshot"
    }
    return isMethod("GET") || segments.last == "upload"
  }
}
