import Foundation
import Secrets
import Testing

@Suite struct SecretTests {
  static let value = "s3cr3t-Key/with+chars=\"\\&"

  /// Types around a secret, as callers write them.
  struct Holder {
    var secret: Secret
    var bound: BoundSecret
    var redactor: Redactor
    var source: EnvironmentSecretSource
  }

  static let holder = Holder(
    secret: Secret(copying: value.utf8), bound: BoundSecret(Secret(copying: value.utf8), host: "h"),
    redactor: Redactor([Secret(copying: value.utf8)]),
    source: EnvironmentSecretSource(environment: ["KEY": value]))

  static func dumped(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  @Test(arguments: [
    "\(holder)", String(describing: holder), String(reflecting: holder), dumped(holder),
    "\(holder.secret)", String(describing: holder.secret), String(reflecting: holder.secret),
    dumped(holder.secret), "\(Optional(holder.secret) as Any)", dumped([holder.secret]),
    "\(holder.bound)", dumped(holder.redactor), "\(holder.redactor)", dumped(holder.source),
    "\(holder.source)",
  ])
  func `No way of printing shows a secret`(text: String) {
    let bytes = Array(Self.value.utf8)
    for start in 0...(bytes.count - 4) {
      #expect(!text.contains(String(decoding: bytes[start..<start + 4], as: UTF8.self)))
    }
    let listed = bytes.prefix(4).map(String.init).joined(separator: ", ")
    #expect(!text.contains(listed))
  }

  @Test func `A secret prints as its mask`() {
    let secret = Self.holder.secret
    #expect("\(secret)" == "‹secret›")
    #expect(String(reflecting: secret) == "‹secret›")
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `A secret has no encoding`() {
    #expect(!((Self.holder.secret as Any) is any Encodable))
    #expect(!((Self.holder.secret as Any) is any Equatable))
  }

  @Test func `The bytes come out as they went in, and the caller's copy is left alone`() {
    let bytes = Array(Self.value.utf8)
    let secret = Secret(copying: bytes)
    #expect(secret.withBytes { Array($0) } == bytes)
    #expect(bytes == Array(Self.value.utf8))
    #expect(secret.count == bytes.count)
  }

  @Test func `Comparison is by bytes`() {
    let secret = Secret(copying: "abc".utf8)
    #expect(secret.hasSameBytes(as: Secret(copying: "abc".utf8)))
    #expect(!secret.hasSameBytes(as: Secret(copying: "abd".utf8)))
    #expect(!secret.hasSameBytes(as: Secret(copying: "abcd".utf8)))
    #expect(Secret(copying: []).hasSameBytes(as: Secret(copying: [])))
  }

  @Test(arguments: [
    ("db.example", "db.example", true), ("DB.Example.", "db.example", true),
    ("[::1]", "::1", true), ("db.example", "db.example.org", false),
    ("db.example", "xdb.example", false), ("db.example", "", false),
    ("caf\u{e9}", "cafe\u{301}", false),
  ])
  func `A bound secret comes out for its own host only`(
    bound: String, asked: String, expected: Bool
  ) {
    let secret = BoundSecret(Secret(copying: "k".utf8), host: bound)
    #expect((secret.secret(for: asked) != nil) == expected)
  }
}
