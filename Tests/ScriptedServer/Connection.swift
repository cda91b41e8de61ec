import CSSL
import Foundation

/// Serves one connection until it ends.
func serve(
  _ descriptor: Int32, number: Int, record: ServerRecord, idle: Duration?,
  tls: ScriptedServer.TLS?
) {
  guard let wire = Wire(descriptor, tls: tls) else { return }
  while wire.hasPending || Sockets.isReadable(descriptor, within: idle) {
    if wire.isAtEnd { return }
    let step = record.nextStep()
    if case .closeBeforeReading = step { return }
    if case .interrupt(let bytes) = step {
      record.received(wire.read()?.count ?? 0)
      _ = wire.write(bytes)
      return
    }
    guard let bytes = readRequest(wire, record) else { return }
    record.finished(ScriptedServer.Request(connection: number, bytes: bytes))
    guard perform(step, on: wire) else { return }
  }
}

/// Reads head and body; nil when the peer leaves before the end.
private func readRequest(_ wire: Wire, _ record: ServerRecord) -> [UInt8]? {
  var bytes: [UInt8] = []
  var needed: Int?
  while needed.map({ bytes.count < $0 }) ?? true {
    guard let piece = wire.read(), !piece.isEmpty else { return nil }
    record.received(piece.count)
    bytes += piece
    guard needed == nil else { continue }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { continue }
    let head = text[..<end.upperBound]
    let request = ScriptedServer.Request(connection: 0, bytes: Array(head.utf8))
    needed = head.utf8.count + (request.values("content-length").first.flatMap { Int($0) } ?? 0)
  }
  return bytes
}

/// Does what the step says after the request was read; false when the connection ends.
private func perform(_ step: ScriptedServer.Step, on wire: Wire) -> Bool {
  switch step {
  case .answer(let answer):
    return wire.write(answer.head + answer.body)
  case .late(let answer, let pause):
    if Sockets.isReadable(wire.descriptor, within: pause) { return false }
    return wire.write(answer.head + answer.body)
  case .closeBeforeReading, .closeAfterReading, .interrupt: return false
  case .resetAfterReading:
    Sockets.resetOnClose(wire.descriptor)
    return false
  case .stall:
    _ = Sockets.isReadable(wire.descriptor, within: nil)
    return false
  case .write(let bytes):
    _ = wire.write(bytes)
    return false
  case .writeAndReset(let bytes):
    _ = wire.write(bytes)
    // Bytes that are still in the socket would be thrown away with it.
    _ = Sockets.isReadable(wire.descriptor, within: .milliseconds(50))
    Sockets.resetOnClose(wire.descriptor)
    return false
  case .endless(let announced):
    writeEndless(announced, on: wire)
    return false
  case .tunnel(let port):
    guard let peer = Sockets.connect(to: port) else { return false }
    if wire.write(Array("HTTP/1.1 200 Connected\r\n\r\n".utf8)) {
      Sockets.relay(wire.descriptor, peer)
    }
    close(peer)
    return false
  case .drip(let answer, let pause):
    guard wire.write(answer.head) else { return false }
    for byte in answer.body {
      if Sockets.isReadable(wire.descriptor, within: pause) { return false }
      guard wire.write([byte]) else { return false }
    }
    return true
  }
}

private func writeEndless(_ announced: Int?, on wire: Wire) {
  let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 0x4000)
  let length = announced.map { "content-length: \($0)" } ?? "transfer-encoding: chunked"
  guard wire.write(Array("HTTP/1.1 200 OK\r\n\(length)\r\n\r\n".utf8)) else { return }
  let frame = announced == nil ? Array("4000\r\n".utf8) + piece + Array("\r\n".utf8) : piece
  while wire.write(frame) {}
}

/// A connection with or without TLS; stays on its thread.
final class Wire {
  let descriptor: Int32
  private var session: OpaquePointer?

  /// Nil when there is no handshake.
  init?(_ descriptor: Int32, tls: ScriptedServer.TLS?) {
    self.descriptor = descriptor
    guard let tls else { return }
    guard let context = Self.makeContext(tls) else { return nil }
    defer { SSL_CTX_free(context) }
    session = SSL_new(context)
    SSL_set_fd(session, descriptor)
    guard SSL_accept(session) == 1 else {
      // The alert must not be lost to the reset that unread bytes would cause.
      Sockets.drain(descriptor)
      return nil
    }
  }

  private static func makeContext(_ tls: ScriptedServer.TLS) -> OpaquePointer? {
    guard let context = SSL_CTX_new(TLS_server_method()) else { return nil }
    let isUsable =
      SSL_CTX_use_certificate_chain_file(context, tls.identity.certificateFile) == 1
      && SSL_CTX_use_PrivateKey_file(context, tls.identity.keyFile, SSL_FILETYPE_PEM) == 1
    guard isUsable else {
      SSL_CTX_free(context)
      return nil
    }
    if let highest = tls.highestVersion { cssl_limit_version(context, highest) }
    if let authority = tls.clientAuthority {
      SSL_CTX_load_verify_locations(context, authority, nil)
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
    return context
  }

  deinit {
    guard session != nil else { return }
    SSL_shutdown(session)
    SSL_free(session)
  }

  /// Whether decrypted bytes wait above the socket.
  var hasPending: Bool { session != nil && SSL_pending(session) > 0 }

  /// Whether the peer has closed, nothing unread before that.
  var isAtEnd: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
  }

  /// What has come; empty or nil at the end.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 0x4000)
    let count =
      session == nil
      ? recv(descriptor, &buffer, buffer.count, 0)
      : Int(SSL_read(session, &buffer, Int32(buffer.count)))
    return count < 0 ? nil : Array(buffer.prefix(count))
  }

  /// False when the peer has gone.
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let rest = bytes[sent...]
      let count = rest.withUnsafeBytes { buffer in
        session == nil
          ? send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
          : Int(SSL_write(session, buffer.baseAddress, Int32(buffer.count)))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
