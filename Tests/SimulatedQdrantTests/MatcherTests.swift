import JSON
import Testing

@testable import SimulatedQdrant

/// The comparison must not be kinder than what the recordings allow.
@Suite struct MatcherTests {
  @Test(
    arguments: [
      (1, 1), ("<time>", 0.5), ("<time>", 3), ("<size>", 3), ("a <n> b", "a 17 b"),
      (["a": 1, "b": [2]], ["b": [2], "a": 1]), (1.0, 1.0),
      (["<uuid:1>", "<uuid:1>"], ["x", "x"]),
      ("col-c-recovery-ABCDEF/x", "col-c-recovery-XXXXXX/x"),
    ] as [(JSONValue, JSONValue)])
  func `What may differ from run to run fits`(expected: JSONValue, found: JSONValue) {
    var matcher = Matcher()
    #expect(matcher.difference(expected, found) == nil)
  }

  @Test(
    arguments: [
      (1, 2), (1, 1.0), (1, "1"), (.null, false), ("null", .null), ("<time>", "x"),
      ("<size>", [1]), ("a <n> b", "a 17"), ([1, 2], [2, 1]), ([1], [1, 1]),
      (["a": 1], ["a": 1, "b": .null]), (["a": 1, "b": 2], ["a": 1]),
      (["<uuid:1>", "<uuid:1>"], ["x", "y"]), ("\u{E9}", "e\u{301}"),
    ] as [(JSONValue, JSONValue)])
  func `What the real server would not answer is a difference`(
    expected: JSONValue, found: JSONValue
  ) {
    var matcher = Matcher()
    #expect(matcher.difference(expected, found) != nil)
  }

  @Test func `A number that a placeholder is bound to is put into later requests`() {
    var matcher = Matcher()
    #expect(matcher.difference(["a": "<checksum:1>"], ["a": "0f"]) == nil)
    #expect(matcher.filled("x/<checksum:1>/<checksum:1:upper>") == "x/0f/0F")
  }

  @Test(
    arguments: [
      (["a": ["é", 1.5, true, .null]], "{\"a\": [\"\\u00e9\", 1.5, true, null]}"),
      (["🙂": "\n\"\\"], "{\"\\ud83d\\ude42\": \"\\n\\\"\\\\\"}"), ([:], "{}"), ([], "[]"),
    ] as [(JSONValue, String)])
  func `Bodies are written as the recorder wrote them`(body: JSONValue, text: String) {
    #expect(PythonText.text(of: body) == text)
  }

  @Test func `Points are spread over shards as on the real server`() {
    let ring = ShardRing(shardCount: 3)
    let shards = (1...10).map { ring.shard(of: .number($0)) }
    #expect((0..<3).map { shard in shards.count { $0 == shard } } == [2, 2, 6])
    #expect(SipHash.anonymous("one") == "14076314942019113981")
  }

  @Test func `The copies of a shard come in any order, and none may be missing`() {
    let first: JSONValue = ["peer_id": 1]
    let second: JSONValue = ["peer_id": 2]
    func difference(_ found: JSONValue) -> String? {
      var matcher = Matcher()
      return matcher.difference(
        ["remote_shards": [first, second]], ["remote_shards": found])
    }
    #expect(difference([second, first]) == nil)
    #expect(difference([first]) != nil)
    #expect(difference([first, first]) != nil)
    #expect(difference([first, second, second]) != nil)
  }

  @Test func `Shapes tell texts from numbers, also behind placeholders`() {
    let shape = AnswerView.shape(of: ["at": "<timestamp>", "n": "<count>"])
    #expect(AnswerView.difference(shape, AnswerView.shape(of: ["at": "x", "n": 1])) == nil)
    #expect(AnswerView.difference(shape, AnswerView.shape(of: ["at": 1, "n": 1])) != nil)
    #expect(AnswerView.difference(shape, AnswerView.shape(of: ["at": "x"])) != nil)
  }
}
