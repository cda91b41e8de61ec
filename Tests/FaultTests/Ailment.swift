import SimulatedQdrant
import Transport

/// A fault with what it does to a request that changes something: what the rules need to know.
struct Ailment: Sendable, CustomStringConvertible {
  /// Where it comes from.
  enum Origin: Sendable {
    case server(Fault)
    /// The way to the server, which libcurl can fail on and the simulation cannot.
    case way(TransportError)
  }

  /// What becomes of the request, by what Qdrant and HTTP promise.
  enum Fate: Sendable, Hashable {
    /// It happened, whatever was answered.
    case arrives
    /// It is known that it did not happen, and it may be tried again.
    case neverLeft
    /// It did not happen, and the client cannot know.
    case lost
    /// The server said no.
    case refused
    /// The server does not know the client, or the client does not trust the server.
    case shutOut
  }

  var name: String
  var origin: Origin
  var fate: Fate
  /// Whether an answer came; without one, the cluster counts as unreachable.
  var isAnswered: Bool

  var description: String { name }

  init(_ fault: Fault, _ fate: Fate, isAnswered: Bool = true, _ name: String? = nil) {
    self.name = name ?? "\(fault)"
    origin = .server(fault)
    self.fate = fate
    self.isAnswered = isAnswered
  }

  init(_ reason: TransportError.Reason, neverSent: Bool, _ fate: Fate) {
    name = "on the way: \(reason)"
    origin = .way(TransportError(reason: reason, neverSent: neverSent, message: "it broke"))
    self.fate = fate
    isAnswered = false
  }

  private static let words = Array(#"{"status":{"error":"no"},"time":0}"#.utf8)

  private static func status(_ code: Int, _ fate: Fate) -> Ailment {
    Ailment(.status(code, body: words, headers: []), fate, "status \(code)")
  }

  /// Every kind of fault that a request can meet, by the rows of the catalogue of failure modes.
  static let all: [Ailment] = connection + answers + statuses

  /// Rows 1–11, 19 and 20: the connection.
  static let connection: [Ailment] = [
    Ailment(.refuse, .neverLeft, isAnswered: false),
    Ailment(.nameNotResolved, neverSent: true, .neverLeft),
    Ailment(.tlsHandshakeFailed, neverSent: true, .shutOut),
    Ailment(.certificateRejected, neverSent: true, .shutOut),
    Ailment(.refusedLocally, neverSent: true, .shutOut),
    Ailment(.connectionLost, neverSent: false, .lost),
    Ailment(.dropBeforeRead, .neverLeft, isAnswered: false),
    Ailment(.dropMidRequest(after: 0), .lost, isAnswered: false),
    Ailment(.dropMidRequest(after: 7), .lost, isAnswered: false),
    Ailment(.dropBeforeApply, .lost, isAnswered: false),
    Ailment(.dropAfterApply, .arrives, isAnswered: false),
    Ailment(.delay(seconds: 5), .arrives),
    Ailment(.delay(seconds: 31), .arrives, isAnswered: false),
    Ailment(.blackhole(applied: true), .arrives, isAnswered: false),
    Ailment(.blackhole(applied: false), .lost, isAnswered: false),
    Ailment(.slowloris(bytesPerSecond: 1), .arrives, isAnswered: false),
    Ailment(.duplicate(times: 2), .arrives),
    Ailment(.duplicate(times: 3), .arrives),
    Ailment(.previousAnswer, .arrives),
    Ailment(.restart(keepingStorage: true), .lost, isAnswered: false),
  ]

  /// Rows 12–17: what the answer is made of.
  static let answers: [Ailment] = [
    Ailment(.truncate(after: 0), .arrives, isAnswered: false),
    Ailment(.truncate(after: 9), .arrives, isAnswered: false),
    Ailment(.garbage(Array("<html>log in</html>".utf8)), .arrives, "garbage"),
    Ailment(.notHTTP(Array("SSH-2.0-x".utf8)), .arrives, isAnswered: false, "notHTTP"),
    Ailment(.wrongSchema(.nullResult), .arrives),
    Ailment(.wrongSchema(.noResult), .arrives),
    Ailment(.wrongSchema(.listResult), .arrives),
    Ailment(.wrongSchema(.textResult), .arrives),
    Ailment(.wrongSchema(.emptyObject), .arrives),
    Ailment(.wrongSchema(.extraMembers), .arrives),
    Ailment(.wrongSchema(.deepResult(levels: 100_000)), .arrives),
    Ailment(.hugeBody(bytes: 2 << 20), .lost, isAnswered: false),
    Ailment(.redirect(to: "http://elsewhere.example/", status: 301), .refused),
    Ailment(.redirect(to: "http://elsewhere.example/", status: 307), .refused),
  ]

  /// Rows 21–40: what the server says.
  static let statuses: [Ailment] = [
    Ailment(.lateApply(seconds: 1), .arrives),
    Ailment(.lateApply(seconds: 10), .arrives),
    Ailment(.neverApply, .lost),
    Ailment(.applyThenStatus(408), .arrives),
    Ailment(.applyThenStatus(500), .arrives),
    Ailment(.applyThenStatus(502), .arrives),
    Ailment(.applyThenStatus(504), .arrives),
    status(408, .lost), status(500, .lost), status(502, .lost), status(503, .lost),
    status(504, .lost), status(400, .refused), status(404, .refused), status(405, .refused),
    status(409, .refused), status(413, .refused), status(422, .refused), status(507, .refused),
    status(401, .shutOut), status(403, .shutOut),
    Ailment(.authFlip, .shutOut),
    Ailment(.rate(perSecond: 0, retryAfter: 7), .neverLeft),
    Ailment(.rate(perSecond: 0, retryAfter: nil), .neverLeft),
    Ailment(.partialApply(1), .arrives),
  ]

  /// Rows 24 and 25: nothing of a PATCH, or of a list of aliases, is carried out; other requests
  /// have no parts.
  static let nothingOfIt = Ailment(.partialApply(0), .lost)
}
