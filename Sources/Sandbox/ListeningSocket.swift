import Glibc

/// A socket that listens, with the address that it got.
struct ListeningSocket {
  let descriptor: Int32
  let port: Int

  /// - Parameters:
  ///   - host: an IPv4 or IPv6 address, or `localhost`; names are not looked up.
  ///   - port: 0 for a free one.
  init(host: String, port: Int) throws(SandboxError) {
    guard let address = SocketAddress(host: host, port: port) else {
      throw .badHost(host)
    }
    let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
    guard descriptor >= 0 else { throw .cannotListen(host: host, port: port, code: errno) }
    var on: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 2048) == 0,
      let bound = SocketAddress.port(of: descriptor)
    else {
      let code = errno
      close(descriptor)
      throw .cannotListen(host: host, port: port, code: code)
    }
    self.descriptor = descriptor
    self.port = bound
  }
}

/// Children of this process do not inherit the socket.
private let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

/// An address of one of the two families.
struct SocketAddress {
  private enum Storage {
    case four(sockaddr_in)
    case six(sockaddr_in6)
  }

  private let storage: Storage

  /// Nil for anything but an address or `localhost`.
  init?(host: String, port: Int) {
    guard let port = UInt16(exactly: port) else { return nil }
    var four = sockaddr_in()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = port.bigEndian
    if inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &four.sin_addr) == 1 {
      storage = .four(four)
      return
    }
    var six = sockaddr_in6()
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port.bigEndian
    guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
    storage = .six(six)
  }

  var family: Int32 {
    switch storage {
    case .four: AF_INET
    case .six: AF_INET6
    }
  }

  /// Whether nobody outside this machine can reach it.
  var isLoopback: Bool {
    switch storage {
    case .four(let address): UInt32(bigEndian: address.sin_addr.s_addr) >> 24 == 127
    case .six(let address):
      withUnsafeBytes(of: address.sin6_addr) { bytes in
        bytes.elementsEqual(Array(repeating: 0, count: 15) + [1])
          || bytes.prefix(13).elementsEqual(Array(repeating: 0, count: 10) + [0xFF, 0xFF, 127])
      }
    }
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch storage {
    case .four(var address):
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .six(var address):
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  /// The port that a socket is bound to; it stands at the same place in both families.
  static func port(of descriptor: Int32) -> Int? {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return result == 0 ? Int(UInt16(bigEndian: address.sin6_port)) : nil
  }
}
