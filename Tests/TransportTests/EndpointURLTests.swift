import TestSupport
import Testing

@testable import Transport

@Suite struct EndpointURLTests {
  @Test(arguments: [
    ("http://localhost:6333", "http://localhost:6333"),
    ("HTTPS://DB.Example.COM.:6333/", "https://db.example.com:6333"),
    ("https://db.example.com", "https://db.example.com:443"),
    ("http://127.0.0.1:6333///", "http://127.0.0.1:6333"),
    ("http://[::1]:6333", "http://[::1]:6333"),
    ("http://[0:0:0:0:0:0:0:1]:6333", "http://[::1]:6333"),
    ("http://[2001:DB8:0:0:1:0:0:1]:80", "http://[2001:db8::1:0:0:1]:80"),
    ("http://[::ffff:10.0.0.1]:1", "http://[::ffff:a00:1]:1"),
    ("https://x.example/qdrant/eu/", "https://x.example:443/qdrant/eu"),
    ("https://x.example/a%20b", "https://x.example:443/a%20b"),
    ("https://qdrant-0.qdrant_headless:65535", "https://qdrant-0.qdrant_headless:65535"),
    ("http://10.1.2.3:00080", "http://10.1.2.3:80"),
  ])
  func `An address is read into its normal form`(text: String, expected: String) throws {
    let url = try EndpointURL(text)
    #expect(url.description == expected)
    #expect(try EndpointURL(url.description).description == expected)
  }

  @Test(
    arguments: [
      ("", .empty, 0..<0),
      ("db.example:6333", .missingScheme, 0..<1),
      ("://x", .missingScheme, 0..<1),
      ("ftp://db.example", .unsupportedScheme, 0..<3),
      ("grpc://db.example:6334", .unsupportedScheme, 0..<4),
      ("https://user:pw@db.example", .userInfo, 8..<16),
      ("https://a@b@db.example", .userInfo, 8..<12),
      ("https://user:p/w@db.example", .userInfo, 8..<17),
      ("user:pw@db.example", .userInfo, 0..<8),
      ("https://db.example/?api_key=x", .query, 19..<29),
      ("https://db.example?x", .query, 18..<20),
      ("https://db.example/#x", .fragment, 19..<21),
      ("https://db.example /", .whitespace, 18..<19),
      (" https://db.example", .unsupportedScheme, 0..<6),
      ("https://db\t.example", .whitespace, 10..<11),
      ("https://db.example\r\nx: y", .whitespace, 18..<19),
      ("https://db\u{0}.example", .controlCharacter, 10..<11),
      ("https://evil\\.db.example", .backslash, 12..<13),
      ("https://db.example/a%00", .encodedNUL, 20..<23),
      ("https://db.example/a%2", .malformedPercentEncoding, 20..<21),
      ("https://db.example/a%zz", .malformedPercentEncoding, 20..<21),
      ("https://db%2eexample", .percentInHost, 10..<11),
      ("https://", .emptyHost, 8..<8),
      ("https:///x", .emptyHost, 8..<8),
      ("https://:6333", .emptyHost, 8..<8),
      ("https://a..b", .malformedHost, 8..<12),
      ("https://-a.b", .malformedHost, 8..<12),
      ("https://a!b", .malformedHost, 8..<11),
      ("https://1.2.3.4.5", .malformedHost, 8..<17),
      ("https://256.1.1.1", .malformedHost, 8..<17),
      ("https://[::1", .malformedIPv6Address, 8..<12),
      ("https://[1:2:3]", .malformedIPv6Address, 8..<15),
      ("https://[1::2::3]", .malformedIPv6Address, 8..<17),
      ("https://[::1]x", .malformedHost, 13..<14),
      ("https://::1:80", .emptyHost, 8..<8),
      ("https://a:", .malformedPort, 10..<10),
      ("https://a:x", .malformedPort, 10..<11),
      ("https://a:+80", .malformedPort, 10..<13),
      ("https://a:0", .portOutOfRange, 10..<11),
      ("https://a:65536", .portOutOfRange, 10..<15),
      ("https://a:99999999999999999999999", .portOutOfRange, 10..<33),
      ("https://a/../b", .dotSegment, 10..<12),
      ("https://a/x/%2E%2e", .dotSegment, 12..<18),
      ("https://a/.%2e/b", .dotSegment, 10..<14),
      ("https://a/\u{e9}", .characterInPath, 10..<11),
      ("https://a/<", .characterInPath, 10..<11),
      ("http://2130706433:6333", .unusualAddress(canonical: "127.0.0.1"), 7..<17),
      ("http://0x7f.1:6333", .unusualAddress(canonical: "127.0.0.1"), 7..<13),
      ("http://0177.0.0.1", .unusualAddress(canonical: "127.0.0.1"), 7..<17),
      ("http://127.1", .unusualAddress(canonical: "127.0.0.1"), 7..<12),
      ("http://0.0.0.0:6333", .unspecifiedAddress, 7..<14),
      ("http://0:6333", .unspecifiedAddress, 7..<8),
      ("http://[::]:6333", .unspecifiedAddress, 7..<11),
    ] as [(String, EndpointURLError.Fact, Range<Int>)])
  func `A bad address is refused, with the place`(
    text: String, fact: EndpointURLError.Fact, range: Range<Int>
  ) {
    let error = #expect(throws: EndpointURLError.self) { try EndpointURL(text) }
    #expect(error?.fact == fact)
    #expect(error?.range == range)
  }

  @Test(arguments: [
    "169.254.169.254", "2852039166", "0xA9FEA9FE", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376",
    "169.254.43518", "169.16689662", "0251.254.0xa9.254", "169.254.0.1", "100.100.100.200",
    "[fe80::1]", "[FEBF:0::1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
    "[64:ff9b::169.254.169.254]", "[::169.254.169.254]", "[fd00:ec2::254]",
    "metadata.google.internal", "Metadata.Google.Internal.",
  ])
  func `Link-local and metadata addresses are refused however they are spelt`(host: String) {
    let error = #expect(throws: EndpointURLError.self) { try EndpointURL("http://\(host)/latest") }
    guard case .linkLocalAddress = error?.fact else {
      Issue.record("\(host): \(String(describing: error))")
      return
    }
    #expect(error?.range == 7..<7 + host.utf8.count)
  }

  /// Punycode as the registries publish it (RFC 3492 §7.1 and well-known domains).
  @Test(arguments: [
    ("https://b\u{fc}cher.example", "xn--bcher-kva.example"),
    ("https://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com", "xn--80ak6aa92e.com"),
    (
      "https://\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}.cn",
      "xn--ihqwcrb4cv8a8dqg056pqjye.cn"
    ),
    ("https://M\u{dc}NCHEN.de", "xn--mnchen-3ya.de"),
  ])
  func `A host beyond ASCII is shown as it is looked up`(text: String, host: String) throws {
    let url = try EndpointURL(text)
    #expect(url.host == host)
    #expect(
      url.notes == [.init(fact: .internationalHost(punycode: host), range: 8..<text.utf8.count)])
  }

  @Test func `The gRPC port and a forgotten port are remarked on`() throws {
    #expect(
      try EndpointURL("http://localhost:6334").notes == [.init(fact: .grpcPort, range: 17..<21)])
    #expect(
      try EndpointURL("http://localhost").notes == [.init(fact: .defaultPort(80), range: 7..<16)])
    #expect(try EndpointURL("https://db.example").notes.isEmpty)
  }

  @Test(arguments: [
    ("http://localhost:1", true), ("http://127.0.0.1:1", true), ("http://127.9.8.7:1", true),
    ("http://[::1]:1", true), ("http://LOCALHOST:1", true), ("http://128.0.0.1:1", false),
    ("http://127.0.0.1.example:1", false), ("http://localhost.example:1", false),
    ("http://10.0.0.1:1", false), ("http://[::ffff:127.0.0.1]:1", false),
  ])
  func `Plain HTTP carries a secret to this machine only`(text: String, expected: Bool) throws {
    let url = try EndpointURL(text)
    #expect(url.isLoopback == expected)
    #expect(url.maySendSecret() == expected)
    #expect(url.maySendSecret(allowPlainHTTP: true))
    #expect(try EndpointURL("https://db.example").maySendSecret())
  }

  @Test func `A password never stands in what is said about it`() {
    for text in ["https://u:hunter2@h", "https://h/?k=hunter2", "u:hunter2@h", "https://h:hunter2"]
    {
      let error = #expect(throws: EndpointURLError.self) { try EndpointURL(text) }
      #expect(!"\(String(describing: error))".contains("hunter2"))
    }
  }

  @Test(arguments: [
    ("https://u:pw@h/p?k=v#f", "https://…@h/p?…"), ("u:pw@h", "…@h"),
    ("https://h/#t", "https://h/#…"),
    ("https://h:6333/p", "https://h:6333/p"), ("https://u:p?w@h", "https://…@h"), ("@", "@"),
    ("?", "?"), ("", ""),
  ])
  func `What may be a credential in an address can be masked`(text: String, masked: String) {
    var bytes = Array(text.utf8)
    for range in EndpointURL.sensitiveRanges(in: text).reversed() {
      bytes.replaceSubrange(range, with: "…".utf8)
    }
    #expect(String(decoding: bytes, as: UTF8.self) == masked)
  }

  @Test func `No bytes make the parser trap, and places lie in the text`() {
    let alphabet = Array("htps:/[]@.%0x7fF91?#\\ \u{e9}-_:a".unicodeScalars)
    var random = SeededRandom(77)
    var accepted = 0
    for _ in 0..<20_000 {
      var scalars = String.UnicodeScalarView(
        ["http://a", "https://", "http://[::", ""].randomElement(using: &random)!.unicodeScalars)
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        scalars.append(alphabet.randomElement(using: &random)!)
      }
      let text = String(scalars)
      do {
        let url = try EndpointURL(text)
        accepted += 1
        #expect((try? EndpointURL(url.description))?.description == url.description, "\(text)")
      } catch {
        #expect(error.range.lowerBound >= 0 && error.range.upperBound <= text.utf8.count, "\(text)")
      }
    }
    #expect(accepted > 500)
  }
}
