import Foundation

/// The few socket calls that the server needs.
enum Sockets {
  struct Failure: Error {
    var call: String
    var code: Int32
  }

  /// A listening socket on a free port of 127.0.0.1.
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
    var address = loopback
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) | Glibc.listen(descriptor, 128)
          | getsockname(descriptor, address, &length)
      }
    }
    guard code == 0 else { throw Failure(call: "bind", code: errno) }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static var loopback: sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// The next connection; nil when the listener was shut down.
  static func accept(_ listener: Int32) -> Int32? {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection >= 0 {
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        return connection
      }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  /// A connection to a port of this machine; nil when there is none.
  static func connect(to port: Int) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Glibc.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  /// Ends the writing side and reads until the peer does so, a second at most.
  static func drain(_ connection: Int32) {
    shutdown(connection, Int32(SHUT_WR))
    var buffer = [UInt8](repeating: 0, count: 0x1000)
    while isReadable(connection, within: .seconds(1)), recv(connection, &buffer, 0x1000, 0) > 0 {}
  }

  /// Carries bytes both ways until either side ends.
  static func relay(_ one: Int32, _ other: Int32) {
    var buffer = [UInt8](repeating: 0, count: 0x4000)
    var entries = [one, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&entries, 2, -1) > 0 {
      for (source, target) in [(0, other), (1, one)] where entries[source].revents != 0 {
        let count = recv(entries[source].fd, &buffer, buffer.count, 0)
        guard count > 0, send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
      }
    }
  }

  /// Writing to a peer that has gone must fail, not end the tests.
  static func blockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether a byte, or the end, can be read within the time; nil waits for ever.
  static func isReadable(_ connection: Int32, within limit: Duration?) -> Bool {
    var entry = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
    let milliseconds = limit.map { Int32($0 / .milliseconds(1)) } ?? -1
    return poll(&entry, 1, milliseconds) > 0
  }

  /// Makes the coming close a reset.
  static func resetOnClose(_ connection: Int32) {
    var setting = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
  }
}
