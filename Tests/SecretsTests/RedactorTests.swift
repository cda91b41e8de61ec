import Foundation
import Secrets
import Testing

@Suite struct RedactorTests {
  static let key = "Kq/9+x=\"é'&<z>\\pW7-_~"

  /// The forms, made by Foundation and not by the code under test.
  static let spellings: [String] = {
    let data = Data(key.utf8)
    let json = String(
      decoding: (try? JSONSerialization.data(withJSONObject: [key])) ?? Data(), as: UTF8.self)
    let padded = ["", "x", "xy"].map { prefix in
      (Data(prefix.utf8) + data).base64EncodedString()
    }
    return [
      key, key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
      key.addingPercentEncoding(
        withAllowedCharacters: CharacterSet(charactersIn: "-._~").union(
          CharacterSet(charactersIn: "a"..."z")
        ).union(CharacterSet(charactersIn: "A"..."Z")).union(
          CharacterSet(charactersIn: "0"..."9"))) ?? "",
      String(json.dropFirst(2).dropLast(2)),
      data.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined(),
    ] + padded
      + padded.map {
        $0.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
      }
  }()

  @Test(arguments: spellings)
  func `Every spelling of a secret is replaced`(spelling: String) {
    let redactor = Redactor([Secret(copying: Self.key.utf8)])
    let text = redactor.redact("before \(spelling) after")
    #expect(text.contains(Secret.mask))
    #expect(text.hasPrefix("before ") && text.hasSuffix(" after"))
    // Base64 leaves at most a character on either side that other bytes share, and the padding.
    #expect(text.utf8.count <= "before  after".utf8.count + Secret.mask.utf8.count + 6)
  }

  @Test func `Every occurrence goes, and what stands around it stays`() {
    let redactor = Redactor([Secret(copying: "tok".utf8), Secret(copying: "token".utf8)])
    let mask = Secret.mask
    #expect(redactor.redact("token,tok;tokentok") == "\(mask),\(mask);\(mask)\(mask)")
    #expect(redactor.redact("nothing here") == "nothing here")
    #expect(redactor.redact("") == "")
    #expect(Redactor([]).redact("token") == "token")
    #expect(Redactor([Secret(copying: [])]).redact("token") == "token")
  }

  @Test func `Overlapping occurrences leave no rest`() {
    let redactor = Redactor([Secret(copying: "abcabc".utf8)])
    #expect(redactor.redact("xabcabcabcx") == "x‹secret›x")
  }
}
