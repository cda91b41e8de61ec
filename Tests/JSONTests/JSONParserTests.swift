import Foundation
import JSON
import TestSupport
import Testing

@Suite struct JSONParserTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "[1,2.50,-0,1e5,\"a\\n\\u00e9\\ud83d\\ude00\"]",
    "{\"b\":1,\"a\":{\"c\":[null]},\"b\":2}",
  ])
  func `A document that is read and written again keeps order, duplicates and number text`(
    text: String
  ) throws {
    let value = try JSONParser.parse(text)
    let again = try JSONParser.parse(value.text())
    #expect(again == value)
    let unescaped = "[1,2.50,-0,1e5,\"a\\né😀\"]"
    #expect(value.text() == (text.hasPrefix("[1,") ? unescaped : text))
  }

  @Test(arguments: [
    "", " ", "nul", "[1,]", "{\"a\":}", "{a:1}", "01", "1.", "1e", "-", "\"\\q\"", "\"\u{1}\"",
    "[1] 2", "\"\\ud800\"", "{\"a\":1,}", "[", "\"abc", "1 2", "+1", ".5", "\"\\u12g4\"", "NaN",
  ])
  func `A malformed document is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONParser.parse(text) }
  }

  @Test func `Invalid UTF-8 in a string is refused`() {
    #expect(throws: JSONError(reason: .notUTF8, offset: 1)) {
      try JSONParser.parse([0x22, 0xC3, 0x28, 0x22])
    }
  }

  @Test func `Depth is bounded, so that hostile nesting cannot overflow the stack`() throws {
    let deep = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
    #expect(throws: JSONError(reason: .tooDeep(limit: 128), offset: 128)) {
      try JSONParser.parse(deep)
    }
    _ = try JSONParser.parse(String(deep.dropFirst().dropLast()))
  }

  @Test func `Equality by meaning ignores member order and number text only`() throws {
    let left = try JSONParser.parse("{\"a\":1,\"b\":[1.0,\"x\"]}")
    let right = try JSONParser.parse("{\"b\":[1,\"x\"],\"a\":1.0}")
    #expect(left.isEquivalent(to: right))
    #expect(left != right)
    #expect(!left.isEquivalent(to: try JSONParser.parse("{\"a\":1,\"b\":[\"x\",1]}")))
    #expect(!JSONValue.bool(true).isEquivalent(to: 1))
  }

  @Test func `Two writings of one letter are two names`() {
    let composed: JSONValue = "caf\u{e9}"
    let decomposed: JSONValue = "cafe\u{301}"
    #expect(composed != decomposed)
    #expect(ExactString("caf\u{e9}") != ExactString("cafe\u{301}"))
    let object: JSONObject = ["caf\u{e9}": 1]
    #expect(object["cafe\u{301}"] == nil)
  }

  /// Foundation's reader is the outside judge: on mutated documents both accept, or both refuse.
  @Test func `Foundation's reader agrees on mutated documents`() throws {
    var random = SeededRandom(20_261_125)
    let seedText = #"{"a":[1,-2.5e3,"x\"\\\u00e9",true,null],"b":{"c":{}},"d":"é"}"#
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = Array(seedText.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          bytes[at] =
            "\"\\{}[]:,0123456789.eE+-truefalsn \u{1}".utf8.randomElement(using: &random) ?? 0
        case 1: bytes.remove(at: at)
        default: bytes.insert(bytes[at], at: at)
        }
      }
      let ours = try? JSONParser.parse(bytes)
      let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      if ours != nil { accepted += 1 }
      #expect(
        (ours != nil) == (theirs != nil), "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(accepted > 1_000)
  }
}
