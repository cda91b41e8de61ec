import JSON
import Manifests
import ResourceModel
import Testing

/// Recorded of Qdrant 1.18.3 in `indexes/field-names` and `field-names-doubtful`.
@Suite struct IndexPathTests {
  private func indexes(_ path: String) -> [String]? {
    let quoted = JSONValue.string(path).text()
    let text = "kind: Collection\nname: p\nvectors: {}\npayload_indexes: {? \(quoted) : keyword}\n"
    return load(text).state?.collections.first?.children.map(\.address.name.string)
  }

  @Test(arguments: [
    "plain", "a.b", "a.b.c", "a[].b", "a.b[].c", "a[]", "a[][].b", "a[0]", "a[0].b", "\"a.b\"",
    "\"a.b\".c", "\"with space\"", "ünï", "поле", "a-b", "a_b", "A", "1", "a.1", "\"\"",
    String(repeating: "n", count: 300),
  ])
  func `A path that servers accept keeps the spelling that they report`(path: String) {
    #expect(indexes(path) == [path])
  }

  @Test func `Quotes that are not needed are left out, as servers do`() {
    #expect(indexes("\"plain\"") == ["plain"])
    #expect(indexes("\"a\".\"b c\"[0]") == ["a.\"b c\"[0]"])
  }

  @Test(arguments: [
    "", ".", "a.", ".a", "a..b", "a[", "a]", "a[]b", "a[x]", "\"open", "a[].", "[]", "a b.c",
    "$.a", "a[-1]", "a[1.5]", "with space", "🙂", "a/b", "a:b",
  ])
  func `A path that servers refuse is refused here`(path: String) {
    #expect(indexes(path) == nil)
  }
}
