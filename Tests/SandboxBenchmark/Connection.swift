import Glibc

/// A kept connection to a server on this machine, for requests whose answers say their length.
final class Connection {
  private let socket: Int32
  private var buffer: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 65_536)

  /// What a server did that no benchmark can go on with.
  struct Broken: Error {
    var what: String
  }

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Broken(what: "no connection to port \(port)") }
    var one: Int32 = 1
    setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(socket) }

  /// A request as bytes.
  static func request(_ method: String, _ path: String, _ body: String = "") -> [UInt8] {
    let head =
      "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n"
    return Array((head + body).utf8)
  }

  /// Sends and waits for the answer, whose body it returns.
  @discardableResult
  func exchange(_ request: [UInt8]) throws -> [UInt8] {
    try send(request)
    return try receive()
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Broken(what: "the connection broke while sending") }
      sent += count
    }
  }

  /// The body of the next answer, which must be a 200.
  func receive() throws -> [UInt8] {
    while true {
      if let (body, end) = try parsed() {
        buffer.removeFirst(end)
        return body
      }
      let count = chunk.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Broken(what: "the connection broke while receiving") }
      buffer += chunk[..<count]
    }
  }

  /// The first answer in the buffer with where it ends; nil when it is not whole yet.
  private func parsed() throws -> ([UInt8], Int)? {
    guard let head = Connection.find("\r\n\r\n", in: buffer) else { return nil }
    guard buffer.starts(with: "HTTP/1.1 200".utf8) else {
      let line = buffer.prefix { $0 != UInt8(ascii: "\r") }
      throw Broken(what: "the answer is \(String(decoding: line, as: UTF8.self))")
    }
    guard let name = Connection.find("\r\nContent-Length: ", in: buffer), name < head else {
      throw Broken(what: "an answer does not say its length")
    }
    let digits = buffer[(name + 18)...].prefix { $0 != UInt8(ascii: "\r") }
    let length = digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }
    let end = head + 4 + length
    return buffer.count >= end ? (Array(buffer[(head + 4)..<end]), end) : nil
  }

  /// Where a text begins, which begins with a carriage return; the generator is to leave the
  /// processor to the server.
  private static func find(_ text: StaticString, in bytes: [UInt8]) -> Int? {
    let length = text.utf8CodeUnitCount
    return bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return nil }
      var index = 0
      while index + length <= bytes.count {
        guard let found = memchr(start + index, 13, bytes.count - length - index + 1) else {
          return nil
        }
        if memcmp(found, text.utf8Start, length) == 0 { return UnsafeRawPointer(found) - start }
        index = UnsafeRawPointer(found) - start + 1
      }
      return nil
    }
  }
}
