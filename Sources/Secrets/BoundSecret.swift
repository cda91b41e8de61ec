/// A secret together with the one host that may see it.
///
/// The binding is made where the cluster is declared and checked where the connection is made, so
/// that a key cannot follow an address that was changed in between.
package struct BoundSecret: Sendable {
  /// The host in lower case, without brackets, port or trailing dot.
  package let host: String
  private let secret: Secret

  package init(_ secret: Secret, host: String) {
    self.secret = secret
    self.host = Self.normalised(host)
  }

  /// The secret, when it is meant for `host`; nil otherwise.
  package func secret(for host: String) -> Secret? {
    Self.normalised(host).utf8.elementsEqual(self.host.utf8) ? secret : nil
  }

  private static func normalised(_ host: String) -> String {
    var bytes = host.utf8.map { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
    if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
      bytes = Array(bytes.dropFirst().dropLast())
    }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
