import Foundation
import Glibc

/// A client on a bare socket, which sees what a library would hide.
final class SocketClient {
  /// How a connection ended.
  enum End: Equatable { case closed, reset, open }

  private let descriptor: Int32

  /// Connects to a port of 127.0.0.1; nil when that is refused.
  init?(port: Int) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  /// Sends bytes; false when the peer is gone.
  @discardableResult func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest.removeFirst(count)
    }
    return true
  }

  @discardableResult func send(_ text: String) -> Bool { send(text.utf8) }

  /// Reads until the end, or until nothing came for so long.
  func readAll(idle seconds: Double = 2) -> (text: String, end: End) {
    var bytes: [UInt8] = []
    while true {
      switch piece(seconds) {
      case .some(let piece) where piece.isEmpty:
        return (String(decoding: bytes, as: UTF8.self), .closed)
      case .some(let piece): bytes += piece
      case nil:
        let end: End = errno == ECONNRESET ? .reset : .open
        return (String(decoding: bytes, as: UTF8.self), end)
      }
    }
  }

  /// Reads one answer with a content length; nil when the connection ends before its end.
  func readAnswer() -> (status: Int, head: String, body: String)? {
    var bytes: [UInt8] = []
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound]
        let length = head.split(separator: "\r\n").first {
          $0.lowercased().hasPrefix("content-length:")
        }
        let count = length.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
        if text[end.upperBound...].utf8.count >= count {
          let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
          return (status, String(head), String(text[end.upperBound...]))
        }
      }
      guard let piece = piece(10), !piece.isEmpty else { return nil }
      bytes += piece
    }
  }

  /// What comes next; empty at the end, nil after an error or when nothing came in time.
  private func piece(_ seconds: Double) -> [UInt8]? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    errno = 0
    guard poll(&entry, 1, Int32(seconds * 1000)) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count < 0 ? nil : Array(buffer.prefix(count))
  }

  /// Sends a request on this connection and reads its answer.
  func exchange(
    _ method: String, _ target: String, body: String = "", headers: String = ""
  ) -> (status: Int, head: String, body: String)? {
    guard send(requestText(method, target, body: body, headers: headers)) else { return nil }
    return readAnswer()
  }
}

/// A request as text; headers end in `\r\n` each.
func requestText(
  _ method: String, _ target: String, body: String = "", headers: String = ""
) -> String {
  let length = body.isEmpty ? "" : "content-length: \(body.utf8.count)\r\n"
  return "\(method) \(target) HTTP/1.1\r\nhost: x\r\n\(length)\(headers)\r\n\(body)"
}

let collection = "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}"
