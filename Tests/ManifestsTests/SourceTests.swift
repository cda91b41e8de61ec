import Diagnostics
import Foundation
import JSON
import Manifests
import QdrantSchema
import ResourceModel
import Testing

/// Row 11 of the catalogue, and which files a path stands for.
@Suite struct SourceTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "manifest-sources-\(UUID().uuidString)")

  private func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let url = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
  }

  private func load(_ path: String, standardInput: [UInt8] = []) -> LoadResult {
    ManifestLoader.load(
      sources: [DiskSource(path: path, standardInput: standardInput)],
      schema: QdrantResources.schema, implicitCluster: ClusterDeclaration(name: "default"))
  }

  private func collection(_ name: String) -> String {
    "kind: Collection\nname: \(name)\nvectors: {size: 4, distance: Dot}\n"
  }

  @Test
  func `A folder stands for all manifests below it; what is hidden does not count`()
    throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write([
      "b.yaml": collection("b"), "a.yml": collection("a"), "sub/c.yaml": collection("c"),
      ".git/d.yaml": collection("d"), ".e.yaml": collection("e"), "README.md": "no",
      "sub/x.json": "{}",
    ])
    let result = load(folder.path)
    #expect(result.diagnostics.isEmpty, "\(result.report.text())")
    #expect(result.state?.collections.map(\.address.collection.string) == ["a", "b", "c"])
    let paths = DiskSource(path: folder.path).texts().map(\.path)
    #expect(paths == ["/a.yml", "/b.yaml", "/sub/c.yaml"].map { folder.path + $0 })
  }

  @Test func `A file is read, and standard input is a source like any other`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(["b.yaml": collection("b")])
    #expect(load(folder.path + "/b.yaml").state?.collections.count == 1)
    let result = load("-", standardInput: Array((collection("x") + "xyz: 1\n").utf8))
    #expect(result.report.text().hasPrefix("<stdin>:4:1: error[M101]"))
  }

  @Test(arguments: ["/dev/zero", "/dev/null", "/nowhere/at/all"])
  func `What is no regular file is refused and never read`(path: String) {
    let result = load(path)
    #expect(result.diagnostics.map(\.code) == ["M009"])
    #expect(result.state == nil)
  }

  @Test func `A pipe is not waited for, and an empty folder is no empty wish`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(["empty/readme.txt": ""])
    let pipe = folder.path + "/pipe.yaml"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(load(pipe).diagnostics.map(\.code) == ["M009"])
    let nothing = load(folder.path + "/empty")
    #expect(nothing.diagnostics.map(\.code) == ["M018"])
    #expect(nothing.state == nil)
  }

  @Test func `A large file is refused by its size`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(["a.yaml": ""])
    #expect(truncate(folder.path + "/a.yaml", 3 << 30) == 0)
    #expect(load(folder.path + "/a.yaml").diagnostics.map(\.code) == ["M010"])
  }

  @Test func `A path that is given twice is read once`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(["a.yaml": collection("a")])
    let source = DiskSource(path: folder.path)
    let result = ManifestLoader.load(
      sources: [source, source], schema: QdrantResources.schema,
      implicitCluster: ClusterDeclaration(name: "default"))
    #expect(result.state?.collections.count == 1)
  }
}
