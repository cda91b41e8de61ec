/// The generated workspace: collections of several kinds, some of which differ from the server.
struct Workload {
  let count: Int
  /// Every so many collections one differs: 1 %.
  static let changedEvery = 100

  func name(_ number: Int) -> String {
    let digits = String(number)
    return "collection-" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The manifest of one collection; a hundred stand in a file.
  func manifest(_ number: Int) -> String {
    """
    kind: Collection
    name: \(name(number))
    vectors:
      dense: {size: 768, distance: Cosine, on_disk: true}
    sparse_vectors:
      bm25: {modifier: idf}
    hnsw_config:
      m: 24
      ef_construct: 200
    optimizers_config: {indexing_threshold: 20000}
    quantization_config:
      scalar: {type: int8, always_ram: true}
    on_disk_payload: true
    metadata: {team: team-\(number % 20)}

    """
  }

  /// All files of the workspace, by their names.
  func files(url: String) -> [(name: String, text: String)] {
    var files = [
      (
        "workspace.yaml",
        "kind: Workspace\nname: bench\n---\nkind: Cluster\nname: sandbox\nurl: \(url)\n"
      )
    ]
    for start in stride(from: 0, to: count, by: 100) {
      let text = (start..<min(start + 100, count)).map(manifest).joined(separator: "---\n")
      files.append(("collections-\(start / 100).yaml", text))
    }
    return files
  }
}
