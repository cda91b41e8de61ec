import CMicroHTTPD
import SimulatedQdrant

/// A response on its way to libmicrohttpd.
struct Answer {
  private let response: SimulatedResponse
  private let body: BodySource?

  /// - Parameter body: where the body comes from when it is not simply sent.
  init(_ response: SimulatedResponse, body: BodySource? = nil) {
    self.response = response
    self.body = body
  }

  /// Hands the response over; false when that is not possible.
  func queue(on connection: OpaquePointer) -> Bool {
    guard let handle = makeResponse() else { return false }
    defer { MHD_destroy_response(handle) }
    if let type = response.contentType { MHD_add_response_header(handle, "content-type", type) }
    for header in response.headers {
      // One that cannot stand in a header is refused by the library and left out.
      MHD_add_response_header(handle, header.name, header.value)
    }
    let status = UInt32(clamping: max(200, response.status))
    return MHD_queue_response(connection, status, handle) == sandbox_mhd_yes()
  }

  private func makeResponse() -> OpaquePointer? {
    guard let body else {
      return response.body.withUnsafeBytes { sandbox_mhd_response($0.baseAddress, $0.count) }
    }
    let context = Unmanaged.passRetained(body).toOpaque()
    let handle = MHD_create_response_from_callback(
      UInt64(body.count), 16 << 10, readBody, context, releaseBody)
    if handle == nil { releaseBody(context) }
    return handle
  }
}

/// A body that trickles or breaks off.
final class BodySource {
  private let bytes: [UInt8]
  private let delivery: FaultedExchange.Delivery
  private let descriptor: Int32
  private let stopping: StopSignal

  init(
    _ bytes: [UInt8], _ delivery: FaultedExchange.Delivery, descriptor: Int32, stopping: StopSignal
  ) {
    self.bytes = bytes
    self.delivery = delivery
    self.descriptor = descriptor
    self.stopping = stopping
  }

  /// What is announced as the length.
  var count: Int { bytes.count }

  /// Copies the next bytes; nil ends the connection.
  func read(from position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    var end = bytes.count
    var most = buffer.count
    switch delivery {
    case .whole: break
    case .truncated(let bytes): end = min(end, bytes)
    case .slow(let rate):
      most = max(1, min(most, Int(min(rate / 20, 1e9))))
      let wait = Double(min(most, end - position)) / max(rate, 0.001)
      if stopping.wait(wait, watching: descriptor) != .elapsed { return nil }
    }
    guard position < end else { return nil }
    let piece = bytes[position..<min(end, position + most)]
    buffer.copyBytes(from: piece)
    return piece.count
  }
}
