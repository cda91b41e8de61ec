import CMicroHTTPD
import SimulatedQdrant
import SimulatedStore

/// A request while it arrives; belongs to the thread of its connection.
final class PendingRequest {
  /// The request target as it stood in the request line.
  let target: String
  private(set) var method = ""
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  /// Bytes of the body that arrived, kept or not.
  private(set) var received = 0
  private(set) var isAnnounced = false
  /// Set when a fault drops the request after so many bytes of its body.
  private(set) var dropsAfter: Int?
  /// What a JSON body may have; nil for uploads, which Qdrant does not limit.
  private var limit: Int?

  init(target: String) { self.target = target }

  /// Takes the head, at the first of the calls for a request.
  func announce(
    method: String, headers: [(name: String, value: String)], server: RequestServer
  ) {
    self.method = method
    self.headers = headers
    isAnnounced = true
    let type = headers.last { $0.name == "content-type" }?.value.lowercased() ?? ""
    limit = type.hasPrefix("multipart/") ? nil : server.bodyLimit
    dropsAfter = server.store.dropsWhileReading(request)
  }

  /// Takes a piece of the body; false when the request is to be dropped now.
  func take(_ piece: UnsafeRawBufferPointer) -> Bool {
    received += piece.count
    if received <= mostKept { body.append(contentsOf: piece) } else { body = [] }
    return dropsAfter.map { received < $0 } ?? true
  }

  /// Bytes up to which a body is kept: a JSON body beyond its limit is for the server to refuse,
  /// which asks for the key first, but not one of any length.
  private var mostKept: Int { limit.map { 2 * $0 } ?? 512 << 20 }

  /// The limit that is named when the body was not kept.
  var exceededLimit: Int? { received > mostKept ? limit ?? mostKept : nil }

  var request: SimulatedRequest {
    SimulatedRequest(method: method, target: target, headers: headers, body: body)
  }
}
