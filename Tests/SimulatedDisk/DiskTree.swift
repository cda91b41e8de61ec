/// Files and folders by number, as a disk or as the system's memory has them.
struct DiskTree {
  enum Node {
    case file([UInt8])
    case folder([String: Int])
    /// A link, a pipe: there to be refused.
    case special
  }

  static let root = 0

  var nodes: [Int: Node] = [DiskTree.root: .folder([:])]

  /// One change of one node; flushing that node makes it last.
  enum Change {
    case write(file: Int, offset: Int, bytes: [UInt8])
    case cut(file: Int, length: Int)
    case link(folder: Int, name: String, node: Int)
    case unlink(folder: Int, name: String)
    case rename(folder: Int, from: String, to: String, node: Int)

    var node: Int {
      switch self {
      case .write(let node, _, _), .cut(let node, _), .link(let node, _, _),
        .unlink(let node, _), .rename(let node, _, _, _):
        node
      }
    }
  }

  /// A write after a gap leaves zeros in it, as it does when the system loses the write before it.
  mutating func apply(_ change: Change) {
    switch change {
    case .write(let file, let offset, let written):
      var bytes = content(of: file)
      let end = offset + written.count
      if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
      bytes.replaceSubrange(offset..<end, with: written)
      nodes[file] = .file(bytes)
    case .cut(let file, let length):
      nodes[file] = .file(Array(content(of: file).prefix(length)))
    case .link(let folder, let name, let node):
      setEntry(node, name, in: folder)
    case .unlink(let folder, let name):
      setEntry(nil, name, in: folder)
    case .rename(let folder, let from, let to, let node):
      if entries(of: folder)[from] == node { setEntry(nil, from, in: folder) }
      setEntry(node, to, in: folder)
    }
  }

  func content(of file: Int) -> [UInt8] {
    if case .file(let bytes) = nodes[file] { return bytes }
    return []
  }

  func entries(of folder: Int) -> [String: Int] {
    if case .folder(let entries) = nodes[folder] { return entries }
    return [:]
  }

  private mutating func setEntry(_ node: Int?, _ name: String, in folder: Int) {
    var entries = entries(of: folder)
    entries[name] = node
    nodes[folder] = .folder(entries)
  }
}
