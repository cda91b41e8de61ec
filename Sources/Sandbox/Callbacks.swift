import CMicroHTTPD
import SimulatedQdrant

/// Text of a C string; what is not UTF-8 is repaired, so that no bytes from outside can trap.
private func text(_ pointer: UnsafePointer<CChar>?) -> String {
  pointer.map { String(cString: $0) } ?? ""
}

/// Makes the object of a request when its first line was read: the only place where the target
/// still stands as it was sent.
func beginRequest(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?,
  _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  Unmanaged.passRetained(PendingRequest(target: text(target))).toOpaque()
}

/// Releases it, answered or not.
func endRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ reason: MHD_RequestTerminationCode
) {
  guard let pointer = request?.pointee else { return }
  Unmanaged<PendingRequest>.fromOpaque(pointer).release()
  request?.pointee = nil
}

/// Called for the head, for every piece of the body, and once more at the end.
func handleRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?,
  _ piece: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
  _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context, let connection, let size, let pointer = request?.pointee else {
    return sandbox_mhd_no()
  }
  let server = Unmanaged<RequestServer>.fromOpaque(context).takeUnretainedValue()
  let pending = Unmanaged<PendingRequest>.fromOpaque(pointer).takeUnretainedValue()
  guard pending.isAnnounced else {
    pending.announce(method: text(method), headers: headers(of: connection), server: server)
    return sandbox_mhd_yes()
  }
  if size.pointee > 0 {
    let goesOn = pending.take(UnsafeRawBufferPointer(start: piece, count: size.pointee))
    size.pointee = 0
    if !goesOn { server.drop(pending, on: connection) }
    return goesOn ? sandbox_mhd_yes() : sandbox_mhd_no()
  }
  return server.answer(pending, on: connection) ? sandbox_mhd_yes() : sandbox_mhd_no()
}

/// The headers that the iteration finds.
private final class HeaderList {
  var headers: [(name: String, value: String)] = []
}

private func headers(of connection: OpaquePointer) -> [(name: String, value: String)] {
  let list = HeaderList()
  sandbox_mhd_headers(connection, takeHeader, Unmanaged.passUnretained(list).toOpaque())
  return list.headers
}

private func takeHeader(
  _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
  _ value: UnsafePointer<CChar>?
) -> MHD_Result {
  guard let context else { return sandbox_mhd_no() }
  let list = Unmanaged<HeaderList>.fromOpaque(context).takeUnretainedValue()
  list.headers.append((text(name).lowercased(), text(value)))
  return sandbox_mhd_yes()
}

/// Feeds a body that is not simply sent.
func readBody(
  _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int
) -> Int {
  guard let context, let buffer else { return sandbox_mhd_broken_body() }
  let source = Unmanaged<BodySource>.fromOpaque(context).takeUnretainedValue()
  let room = UnsafeMutableRawBufferPointer(start: buffer, count: size)
  return source.read(from: Int(clamping: position), into: room) ?? sandbox_mhd_broken_body()
}

func releaseBody(_ context: UnsafeMutableRawPointer?) {
  guard let context else { return }
  Unmanaged<BodySource>.fromOpaque(context).release()
}
