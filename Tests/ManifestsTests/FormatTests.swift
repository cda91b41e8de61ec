import Diagnostics
import Foundation
import QdrantSchema
import Testing

@testable import Manifests

/// What `qdrant-plan fmt` makes of a text.
@Suite struct FormatTests {
  static func format(_ text: String) throws(ManifestFormatter.Refusal) -> String {
    let bytes = try ManifestFormatter.format(Array(text.utf8), schema: QdrantResources.schema)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Formats, and formats what came out.
  private func expect(
    _ text: String, becomes expected: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let once = try FormatTests.format(text)
    #expect(once == expected, sourceLocation: location)
    #expect(try FormatTests.format(once) == once, sourceLocation: location)
  }

  private func expectSame(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    try expect(text, becomes: text, location)
  }

  @Test func `Keys stand in the order of their rows, and names in the order of their writer`()
    throws
  {
    try expect(
      """
      lifecycle: {on_delete: delete, state: present}
      payload_indexes:
          zeta: {is_tenant: true, type: keyword}
          alpha: keyword
      hnsw_config: {ef_construct: 8, m: 4}
      vectors: {distance: Dot, size: 4}
      class: [b, a]
      name: one
      kind: Collection
      """,
      becomes: """
        kind: Collection
        name: one
        class: [b, a]
        vectors: {size: 4, distance: Dot}
        hnsw_config: {m: 4, ef_construct: 8}
        payload_indexes:
          zeta: {type: keyword, is_tenant: true}
          alpha: keyword
        lifecycle: {state: present, on_delete: delete}

        """)
  }

  @Test func `Every kind has its order`() throws {
    try expect(
      """
      {state: s, budgets: {from: 1, removals: 1%}, name: w, kind: Workspace}
      ---
      labels: {z: z, a: a}
      api_key: {env: K}
      url: https://h
      name: c
      provider: self_hosted
      kind: Cluster
      ---
      overlays: [{set: {hnsw_config: {m: 4}}, match: {name: "*"}}]
      clusters: c
      variables: {b: 1, a: 2}
      kind: Environment
      name: e
      ---
      tree: {b: {}, a: {}}
      class: x
      names: {alias: "{node}", collection: "{node}"}
      levels: [{place: name, name: node}]
      name: h
      kind: Hierarchy
      """,
      becomes: """
        kind: Workspace
        name: w
        state: s
        budgets: {removals: 1%, from: 1}
        ---
        kind: Cluster
        name: c
        provider: self_hosted
        url: https://h
        api_key: {env: K}
        labels: {z: z, a: a}
        ---
        kind: Environment
        name: e
        variables: {b: 1, a: 2}
        clusters: c
        overlays: [{set: {hnsw_config: {m: 4}}, match: {name: "*"}}]
        ---
        kind: Hierarchy
        name: h
        levels: [{place: name, name: node}]
        names: {collection: "{node}", alias: "{node}"}
        class: x
        tree: {b: {}, a: {}}

        """)
  }

  @Test func `Comments stay where they are said`() throws {
    try expectSame(
      """
      # yaml-language-server: $schema=x
      # Head.

      # Head, too.
      kind: Collection # the kind
      name: one
      vectors: # behind a key
        # above the first
        size: 4
        distance: Dot # at an end

        # below the last
      # above the next

      hnsw_config: {m: 4} # behind brackets
      aliases:
        # above an item
        - a # at an item
        # above a mapping
        - name: b
          # below a mapping
        # below the list
      # tail
      ---
      # second head
      kind: Class
      name: c
      # second tail

      """)
  }

  @Test func `A comment goes with its key`() throws {
    try expect(
      """
      # of the document

      # of the vectors
      vectors: {size: 4, distance: Dot} # V
      # of the name
      name: one # N
      kind: Collection
      # of m
      hnsw_config:
          ef_construct: 8
          # of m, too
          m: 4
          # at the end
      """,
      becomes: """
        # of the document
        kind: Collection
        # of the name
        name: one # N

        # of the vectors
        vectors: {size: 4, distance: Dot} # V
        # of m
        hnsw_config:
          # of m, too
          m: 4
          ef_construct: 8
          # at the end

        """)
  }

  @Test func `Brackets with a comment in them, or too long for a line, become blocks`() throws {
    let long = (1...20).map { "alias-\($0)" }
    try expect(
      """
      {"kind": "Collection", "name": "one", # all of it
        vectors: {size: 4, # bytes
          distance: Dot}, # after
        metadata: {a: [1,
             2], b: {c: , d: ~}, e: [], f: [ # nothing
             ]},
        aliases: [\(long.joined(separator: ","))], # many
        shard_keys: [{key: a, # first
          placement: [1]}, # behind
         b] }
      """,
      becomes: """
        kind: Collection
        name: one # all of it
        vectors: # after
          size: 4 # bytes
          distance: Dot
        metadata:
          a: [1, 2]
          b: {c: null, d: null}
          e: []
          # nothing
          f: []
        aliases: # many
        \(long.map { "  - \($0)\n" }.joined())\
        shard_keys:
          # behind
          - key: a # first
            placement: [1]
          - b

        """)
  }

  @Test func `Every scalar is written by the one writer`() throws {
    try expect(
      """
      kind: "Class"
      name: 'one'
      metadata:
        words: [plain, 'plain', "yes", yes, 'no', "1", 1, 1.50, 1e3, ~, null, true]
        more: ['true', 007]
        texts: [a b, 'it''s', "é", http://a.b:80/c, "30m", 30%, .a/b, ../c, .inf.x, a.*, "."]
        "key": x
        'a b': y
        2: z
        multi: one
          two

          three
      """,
      becomes: """
        kind: Class
        name: one
        metadata:
          words: [plain, plain, "yes", "yes", "no", "1", 1, 1.50, 1e3, null, null, true]
          more: ["true", "007"]
          texts: ["a b", "it's", "é", http://a.b:80/c, 30m, 30%, .a/b, ../c, .inf.x, "a.*", "."]
          key: x
          "a b": "y"
          "2": z
          multi: "one two\\nthree"

        """)
  }

  @Test func `Texts of several lines keep their form`() throws {
    try expect(
      """
      kind: Class
      name: one
      metadata:
          literal: |   # remark
              one
                two

              three
          kept: |+
              a

          stripped: >-
              folded
              line

              next
                more
          indented: |4
                two
              none
          "in": [x]
          list:
          - |
            item
          - >
            a
            b

      """,
      becomes: """
        kind: Class
        name: one
        metadata:
          literal: | # remark
            one
              two

            three
          kept: "a\\n\\n"

          stripped: >-
            folded
            line

            next
              more
          indented: |2
              two
            none
          in: [x]
          list:
            - |
              item
            - >
              a
              b

        """)
  }

  @Test func `Anchors keep their places and the order around them`() throws {
    try expect(
      """
      name: one
      kind: Class
      metadata:
          base: &base   {b: 1, a: 2}
          list: &list
          - &x 1
          - &m
            k: *x
            # below
           # below the list
          # above
          more:
              <<: *base
              c: 3
          same: *list
          m: *m
      """,
      becomes: """
        name: one
        kind: Class
        metadata:
          base: &base {b: 1, a: 2}
          list: &list
            - &x 1
            - &m
              k: *x
              # below
            # below the list
          # above
          more:
            <<: *base
            c: 3
          same: *list
          m: *m

        """)
  }

  @Test(arguments: [
    ("kind: Collection\nname: a\nname: b\n", "M0", 3),
    ("kind: Class\nname: [a\n", "M0", 2),
    (
      "kind: Collection\nname: a\nvectors: {size: 4, distance: Dot}\nhnsw_conf: {m: 4}\n", "M101", 4
    ),
    ("kind: Class\nname: a\n---\n", "M002", 3),
    ("# nothing\n", "M001", 1),
  ])
  func `What is wrong is refused with its place`(text: String, code: String, line: Int32) throws {
    do {
      let result = try FormatTests.format(text)
      Issue.record("it was written: \(result)")
    } catch {
      guard case .invalid(let findings, _) = error else { throw error }
      #expect(findings[0].code.hasPrefix(code), "\(findings[0])")
      #expect(findings[0].span?.line == line, "\(findings[0])")
    }
  }

  private static let simple =
    "kind: Class # k\nname: a\nmetadata: {\u{61}: 1, b: \"1\", c: [x, y], d: &d x, e: *d}\n"

  @Test(arguments: [
    ("a: 1", "a: 2"), ("a: 1", "a: 1.0"), ("a: 1", "a: \"1\""), ("\"1\"", "1"),
    ("[x, y]", "[y, x]"), ("[x, y]", "[x]"), ("a: 1, ", ""), ("a: 1", "a: 1, z: null"),
    ("a: 1", "á: 1"), (" # k", ""), ("# k", "# K"), ("*d", "*D"), ("kind: Class", "kind: Klass"),
    ("d: &d x", "d: &d null"), ("\n", "\n---\nkind: Class\nname: z\n---\n"),
  ])
  func `A text that says something else is never given out`(old: String, new: String) throws {
    let bytes = Array(FormatTests.simple.utf8)
    let same = try ManifestFormatter.format(bytes, schema: QdrantResources.schema) { _ in
      FormatTests.simple
    }
    #expect(same == bytes)
    let range = try #require(FormatTests.simple.range(of: old))
    let changed = FormatTests.simple.replacingCharacters(in: range, with: new)
    #expect(throws: ManifestFormatter.Refusal.self) {
      try ManifestFormatter.format(bytes, schema: QdrantResources.schema) { _ in changed }
    }
  }
}
