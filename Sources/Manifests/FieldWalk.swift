import Diagnostics
import JSON
import ResourceModel

/// The walk over mappings, driven by the rows of a kind.
extension ManifestDecoder {
  /// Where the walk is.
  struct Position {
    /// The place in the kind's tree.
    var node: Int
    /// The number of the name that a person gave on the way, or -1.
    var name: Int32 = -1
  }

  /// Reads all entries of a mapping.
  mutating func walk(
    _ mapping: Int32, _ kind: CompiledKind, _ position: Position, into output: inout Output
  ) {
    let mapping = reader.tree.resolved(mapping)
    if reader.tree.nodes[Int(mapping)].hasMerge {
      for entry in reader.tree.entries(of: mapping) { step(entry, kind, position, &output) }
    } else {
      let end = reader.tree.nodes[Int(mapping)].end
      var key = mapping + 1
      while key < end {
        let value = reader.tree.nodes[Int(key)].end
        step(YAMLTree.Entry(key: key, value: value), kind, position, &output)
        key = reader.tree.nodes[Int(value)].end
      }
    }
    let shape = kind.shapes[position.node]
    if shape.hasRequired, !isPartial { checkRequired(mapping, kind, position) }
    if shape.isExclusive { checkExclusive(mapping, kind, position) }
  }

  private mutating func step(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position, _ output: inout Output
  ) {
    let symbol = reader.tree.nodes[Int(entry.key)].symbol
    let child = kind.child(of: position.node, symbol)
    if child >= 0 {
      field(entry, kind, Position(node: child, name: position.name), &output)
    } else if kind.shapes[position.node].anyName >= 0, symbol >= 0 {
      let node = Int(kind.shapes[position.node].anyName)
      if isReserved(entry, kind, node) { return }
      field(entry, kind, Position(node: node, name: symbol), &output)
    } else if position.node == 0, kind.specials.contains(symbol) {
      output.specials.append(entry)
    } else if symbol >= 0 {
      unknownField(entry, kind, position)
    }
  }

  private mutating func isReserved(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ node: Int
  ) -> Bool {
    let row = kind.shapes[node].row
    guard row >= 0, kind.types[Int(row)] == .any,
      key(entry.key).hasSameBytes(as: OwnershipMark.key)
    else { return false }
    report(Messages.reservedKey(OwnershipMark.key, at: span(entry.key)))
    return true
  }

  /// Reads one value at its place in the tree.
  mutating func field(
    _ entry: YAMLTree.Entry, _ kind: CompiledKind, _ position: Position, _ output: inout Output
  ) {
    let shape = kind.shapes[position.node]
    let row = Int(shape.row)
    switch reader.tree.kind(entry.value) {
    case .scalar, .alias:
      if row >= 0, kind.types[row] != .object {
        emit(entry.value, kind, row, position.name, &output)
      } else if shape.shortForm >= 0, !isNull(entry.value) {
        short(entry.value, kind, Int(shape.shortForm), position.name, &output)
      } else {
        expectedMapping(entry.value, kind, position)
      }
    case .mapping:
      if shape.element >= 0 {
        elements(entry, kind, Int(shape.element), &output)
      } else if shape.hasChildren || row >= 0 && kind.types[row] == .object {
        if row >= 0, kind.types[row] == .object {
          append(.object([:]), entry.key, kind, (row, position.name), &output)
        }
        walk(entry.value, kind, position, into: &output)
      } else {
        emit(entry.value, kind, row, position.name, &output)
      }
    case .sequence:
      if row >= 0, !shape.hasChildren, kind.types[row] != .object {
        emit(entry.value, kind, row, position.name, &output)
      } else {
        expectedMapping(entry.value, kind, position)
      }
    }
  }

  /// Reads a value by its row.
  private mutating func emit(
    _ value: Int32, _ kind: CompiledKind, _ row: Int, _ name: Int32, _ output: inout Output
  ) {
    guard row >= 0 else { return }
    if isNull(value) {
      guard case .removes = kind.rows[row].unset, kind.types[row] == .any else {
        missingValue(value, kind.rows[row])
        return
      }
      append(.null, value, kind, (row, name), &output)
      return
    }
    if let json = decode(kind.types[row], value) { append(json, value, kind, (row, name), &output) }
  }

  /// A scalar that is short for a mapping with one key: `stopwords: english`.
  private mutating func short(
    _ value: Int32, _ kind: CompiledKind, _ node: Int, _ name: Int32, _ output: inout Output
  ) {
    let row = Int(kind.shapes[node].row)
    guard row >= 0 else { return }
    if case .list(let element) = kind.types[row] {
      if let json = decode(element, value) {
        append(.array([json]), value, kind, (row, name), &output)
      }
    } else {
      emit(value, kind, row, name, &output)
    }
  }

  private mutating func append(
    _ value: JSONValue, _ place: Int32, _ kind: CompiledKind, _ target: (row: Int, name: Int32),
    _ output: inout Output
  ) {
    let (row, name) = target
    if kind.ranks.isSufficient {
      let isNamed = kind.rows[row].path.fixedPath == nil
      output.order.append(
        FieldOrder(
          prefix: kind.ranks.prefixes[row], name: isNamed ? name : -1,
          suffix: kind.ranks.suffixes[row],
          index: Int32(truncatingIfNeeded: output.fields.count)))
    }
    output.fields.append(
      DesiredField(
        path: path(kind, row, name), value: value, row: row,
        provenance: Provenance(span(place), chain: reader.tree.chain(place))))
  }

  func isNull(_ value: Int32) -> Bool {
    if case .null = reader.tree.scalar(value), reader.tree.kind(value) == .scalar { return true }
    return false
  }

  private mutating func checkRequired(
    _ mapping: Int32, _ kind: CompiledKind, _ position: Position
  ) {
    for symbol in kind.nodes[position.node].required where !has(mapping, symbol) {
      let row = kind.child(of: position.node, symbol)
      let type = row >= 0 ? kind.shapes[row].row : -1
      report(
        Messages.missingField(
          reader.keys[symbol].string, type: type >= 0 ? kind.types[Int(type)] : nil,
          at: owner(of: mapping)))
    }
  }

  private func has(_ mapping: Int32, _ symbol: Int32) -> Bool {
    let tree = reader.tree
    if tree.nodes[Int(mapping)].hasMerge {
      return tree.entries(of: mapping).contains { tree.nodes[Int($0.key)].symbol == symbol }
    }
    var key = mapping + 1
    while key < tree.nodes[Int(mapping)].end {
      if tree.nodes[Int(key)].symbol == symbol { return true }
      key = tree.nodes[Int(tree.nodes[Int(key)].end)].end
    }
    return false
  }

  private mutating func checkExclusive(
    _ mapping: Int32, _ kind: CompiledKind, _ position: Position
  ) {
    let entries = reader.tree.entries(of: mapping)
    if entries.count == 1 { return }
    let known = kind.nodes[position.node].keys
    let present = entries.filter { known[reader.tree.nodes[Int($0.key)].symbol] != nil }
    let names = known.keys.map { reader.keys[$0].string }
      .filter { !LocalKinds.unbuiltKeys.contains($0) }.sorted()
    for other in present.dropFirst() {
      report(
        Messages.exclusive(
          key(other.key), names, at: span(other.key), first: span(present[0].key)))
    }
    if entries.isEmpty, !isPartial { report(Messages.noneOf(names, at: owner(of: mapping))) }
  }

  /// The key that a mapping belongs to, or the mapping's first place.
  func owner(of mapping: Int32) -> SourceSpan {
    let before = mapping - 1
    if before >= 0, reader.tree.nodes[Int(before)].symbol >= 0,
      reader.tree.nodes[Int(before)].end == mapping
    {
      return span(before)
    }
    let whole = span(mapping)
    return whole.start
  }
}
