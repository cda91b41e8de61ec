/// The address of one server: scheme, host, port and the path that requests hang below.
///
/// Stricter than a browser: what two readers could understand differently (userinfo, backslashes,
/// `0x7f.1`) is refused rather than repaired, because the host decides who gets the key.
package struct EndpointURL: Sendable, Hashable {
  package enum Scheme: String, Sendable, Hashable {
    case http
    case https

    /// The port when the address names none.
    package var defaultPort: Int { self == .http ? 80 : 443 }
  }

  package let scheme: Scheme
  /// Lower case, ASCII (punycode for other letters), an IPv6 address in canonical form without
  /// brackets, no trailing dot.
  package let host: String
  /// 1–65535.
  package let port: Int
  /// Empty, or a leading slash and no trailing one; percent-encoded.
  package let basePath: String
  /// What a person should hear about an address that is accepted.
  package let notes: [Note]

  /// A remark with its place.
  package struct Note: Sendable, Hashable {
    package enum Fact: Sendable, Hashable {
      /// Port 6334 is where Qdrant speaks gRPC; REST is on 6333.
      case grpcPort
      /// The host has letters beyond ASCII; this is the name that is looked up.
      case internationalHost(punycode: String)
      /// Plain HTTP without a port means 80, and Qdrant listens on 6333.
      case defaultPort(Int)
    }

    package var fact: Fact
    /// UTF-8 byte offsets in the text that was parsed.
    package var range: Range<Int>
  }

  /// Reads an address.
  package init(_ text: String) throws(EndpointURLError) {
    var parser = EndpointURLParser(text)
    let parts = try parser.parse()
    scheme = parts.scheme
    host = parts.host
    port = parts.port
    basePath = parts.basePath
    notes = parser.notes
  }

  /// Where credentials may stand in a text that was meant as an address: userinfo, query and
  /// fragment. Whoever shows the text masks these byte ranges first.
  package static func sensitiveRanges(in text: String) -> [Range<Int>] {
    let bytes = Array(text.utf8)
    var ranges: [Range<Int>] = []
    var rest = 0
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")) {
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0
      let start = bytes[colon...].starts(with: "://".utf8) ? colon + 3 : 0
      ranges.append(min(start, at)..<at)
      rest = at + 1
    }
    if let tail = bytes[rest...].firstIndex(where: { "?#".utf8.contains($0) }) {
      ranges.append(tail + 1..<bytes.count)
    }
    return ranges.filter { !$0.isEmpty }
  }

  /// Whether it names this machine: `localhost`, 127.0.0.0/8 or ::1.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    guard case .canonical(let address) = IPv4Spelling(host) else { return false }
    return address >> 24 == 127
  }

  /// Whether a secret may be sent there: over TLS, or without leaving the machine, or because the
  /// cluster says `allow_plain_http`.
  package func maySendSecret(allowPlainHTTP: Bool = false) -> Bool {
    scheme == .https || isLoopback || allowPlainHTTP
  }

  /// Host and port as they stand in an address: IPv6 in brackets.
  package var authority: String {
    (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host) + ":\(port)"
  }
}

extension EndpointURL: CustomStringConvertible {
  /// The address in full, port included.
  package var description: String { "\(scheme.rawValue)://\(authority)\(basePath)" }
}

/// Why a text is no address of a server, and where.
package struct EndpointURLError: Error, Sendable, Hashable {
  package enum Fact: Sendable, Hashable {
    case empty
    case tooLong(limit: Int)
    case missingScheme
    case unsupportedScheme
    /// `user:password@`: the text between must not be shown.
    case userInfo
    case query
    case fragment
    case whitespace
    case backslash
    case controlCharacter
    case malformedPercentEncoding
    case encodedNUL
    case percentInHost
    case emptyHost
    case malformedHost
    case malformedIPv6Address
    case malformedPort
    case portOutOfRange
    /// `.` or `..` in the path, also encoded.
    case dotSegment
    case characterInPath
    /// An IPv4 address in decimal, octal, hexadecimal or shortened form.
    case unusualAddress(canonical: String)
    /// Link-local and cloud metadata addresses, however they are spelt.
    case linkLocalAddress(canonical: String)
    /// `0.0.0.0` and `::`, which name no server.
    case unspecifiedAddress
  }

  package var fact: Fact
  /// The offending place, in UTF-8 bytes of the text that was parsed.
  package var range: Range<Int>

  /// Where it begins.
  package var offset: Int { range.lowerBound }
}

extension EndpointURLError: CustomStringConvertible {
  /// One sentence without the text itself, which may hold a password.
  package var description: String { "\(fact) (at byte \(offset))" }
}

extension EndpointURLError.Fact: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the address is empty"
    case .tooLong(let limit): "the address is longer than \(limit) bytes"
    case .missingScheme: "an address begins with http:// or https://"
    case .unsupportedScheme: "the scheme must be http or https"
    case .userInfo: "credentials are not allowed in an address"
    case .query: "an address has no query"
    case .fragment: "an address has no fragment"
    case .whitespace: "an address has no white space"
    case .backslash: "an address has no backslash"
    case .controlCharacter: "an address has no control characters"
    case .malformedPercentEncoding: "a percent sign is followed by two hexadecimal digits"
    case .encodedNUL: "an address has no %00"
    case .percentInHost: "a host has no percent sign"
    case .emptyHost: "the host is missing"
    case .malformedHost: "this is not a host name"
    case .malformedIPv6Address: "this is not an IPv6 address"
    case .malformedPort: "a port is a decimal number"
    case .portOutOfRange: "a port is between 1 and 65535"
    case .dotSegment: "the path has no . or .. in it"
    case .characterInPath: "this character must be percent-encoded in a path"
    case .unusualAddress(let canonical): "write the address as \(canonical)"
    case .linkLocalAddress(let canonical):
      "\(canonical) is a link-local or metadata address, which is refused"
    case .unspecifiedAddress: "this address names no server; for this machine write 127.0.0.1"
    }
  }
}
