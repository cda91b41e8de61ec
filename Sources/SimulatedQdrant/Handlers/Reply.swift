import JSON

/// An answer before it is put in its envelope.
enum Reply {
  case result(JSONValue)
  /// The same, as it is sent.
  case written([UInt8])
  /// A result with what it cost the hardware, if a server reports that.
  case metered(JSONValue, usage: JSONValue)
  /// 202 without a result.
  case accepted
  case refusal(Refusal)
  case plain(status: Int, type: String?, text: String)
  case bytes(status: Int, type: String, body: [UInt8])
  /// 404 without a body: no such route or method.
  case noRoute

  static let `true` = Reply.result(true)

  var response: SimulatedResponse {
    switch self {
    case .result(let value): return Reply.written(value.bytes()).response
    case .written(let result):
      let body =
        Array("{\"result\":".utf8) + result + Array(",\"status\":\"ok\"".utf8) + Reply.time
      return SimulatedResponse(status: 200, contentType: Reply.json, body: body)
    case .metered(let value, let usage):
      let body =
        Array("{\"result\":".utf8) + value.bytes() + Array(",\"status\":\"ok\"".utf8)
        + Reply.time.dropLast() + Array(",\"usage\":".utf8) + usage.bytes() + [UInt8(ascii: "}")]
      return SimulatedResponse(status: 200, contentType: Reply.json, body: body)
    case .accepted:
      let body = Array("{\"status\":\"accepted\"".utf8) + Reply.time
      return SimulatedResponse(status: 202, contentType: Reply.json, body: body)
    case .refusal(let refusal) where refusal.status == 0: return SimulatedResponse(status: 0)
    case .refusal(let refusal) where refusal.isPlain:
      return SimulatedResponse(
        status: refusal.status, contentType: "text/plain; charset=utf-8",
        body: Array(refusal.text.utf8))
    case .refusal(let refusal):
      let error = JSONValue.string(refusal.text).bytes()
      let body = Array("{\"status\":{\"error\":".utf8) + error + [UInt8(ascii: "}")] + Reply.time
      return SimulatedResponse(
        status: refusal.status, contentType: Reply.json, headers: refusal.headers, body: body)
    case .plain(let status, let type, let text):
      return SimulatedResponse(status: status, contentType: type, body: Array(text.utf8))
    case .bytes(let status, let type, let body):
      return SimulatedResponse(status: status, contentType: type, body: body)
    case .noRoute: return SimulatedResponse(status: 404)
    }
  }

  /// The reply as a server line gives it.
  func known(to behaviours: Behaviours) -> Reply {
    guard case .refusal(let refusal) = self, refusal.isAboutLimits, behaviours.forbidsBeyondLimits
    else { return self }
    return .refusal(.forbidden(String(refusal.text.dropFirst("Bad request: ".count))))
  }

  private static let json = "application/json"
  /// Nothing is measured.
  static func usage(_ behaviours: Behaviours) -> JSONValue {
    let hardware: JSONValue = [
      "cpu": 0, "payload_io_read": 0, "payload_io_write": 0, "payload_index_io_read": 0,
      "payload_index_io_write": 0, "vector_io_read": 0, "vector_io_write": 0,
    ]
    if !behaviours.groupsUsage { return hardware }
    return behaviours.reportsInference
      ? ["hardware": hardware, "inference": .null] : ["hardware": hardware]
  }
  /// How long it took: a constant, since answers are a function of state, request and clock.
  private static let time = Array(",\"time\":0.00001}".utf8)
}

/// Why a request was refused, in the server's classes.
struct Refusal: Error, Sendable, Equatable {
  var status: Int
  var text: String
  var headers: [(name: String, value: String)] = []
  /// Whether it is told in plain text, outside the usual envelope.
  var isPlain = false

  static func == (left: Refusal, right: Refusal) -> Bool {
    left.status == right.status && left.text == right.text
  }

  /// Whether the request could not be read, so that nothing was looked up for it.
  var isAboutForm: Bool {
    status == 422
      || (status == 400 && (text.hasPrefix("Format error") || text.hasPrefix("Deserialize error")))
  }

  /// The server's worker panics over the request: nobody gets an answer.
  static let noAnswer = Refusal(status: 0, text: "")

  /// A path that cannot be read.
  static func plain(_ text: String, status: Int = 404) -> Refusal {
    Refusal(status: status, text: text, isPlain: true)
  }

  static func wrongInput(_ text: String) -> Refusal {
    Refusal(status: 400, text: "Wrong input: " + text)
  }
  static func badRequest(_ text: String, bare: Bool = false) -> Refusal {
    Refusal(status: 400, text: (bare ? "" : "Bad request: ") + text)
  }
  static func notFound(_ text: String) -> Refusal {
    Refusal(status: 404, text: "Not found: " + text)
  }
  static func service(_ text: String) -> Refusal {
    Refusal(status: 500, text: "Service internal error: " + text)
  }
  static func forbidden(_ text: String) -> Refusal {
    Refusal(status: 403, text: "Forbidden: " + text)
  }
  /// Whether strict mode refused; it always gives advice.
  var isAboutLimits: Bool { status == 400 && text.contains(" Help: ") }

  static func conflict(collection: String) -> Refusal {
    Refusal(status: 409, text: "Wrong input: Collection `\(collection)` already exists!")
  }
  static func noCollection(_ name: String) -> Refusal {
    notFound("Collection `\(name)` doesn't exist!")
  }
  /// A violated rule about the named part of a request.
  static func invalid(_ part: String, _ violations: [Violation]) -> Refusal {
    Refusal(
      status: 422, text: "Validation error in \(part): " + Violation.text(of: violations))
  }
}
