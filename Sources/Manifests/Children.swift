import Diagnostics
import JSON
import ResourceModel

/// Resources that are listed inside a collection: payload indexes, aliases, shard keys.
extension ManifestDecoder {
  /// Reads one list of children into a collection.
  mutating func children(
    _ entry: YAMLTree.Entry, _ spec: ChildSpec, into collection: inout DesiredResource
  ) {
    collection.listedChildren[spec.kind] = span(entry.key)
    collection.listChains[spec.kind] = reader.tree.chain(entry.key)
    guard let kind = childKinds[spec.kind] else { return }
    if isNull(entry.value) {
      let empty = if case .map = spec.form { "{}" } else { "[]" }
      report(
        Messages.missingValue(
          at: nullPlace(entry.value), hint: "write \(empty) when there are to be none"))
      return
    }
    switch spec.form {
    case .map(let shortField):
      guard reader.tree.kind(entry.value) == .mapping else {
        report(Messages.expectedMapping(found(entry.value), word: nil, at: span(entry.value)))
        return
      }
      mapped(entry.value, spec, kind, shortField, &collection)
    case .list(let nameField):
      guard reader.tree.kind(entry.value) == .sequence else {
        report(Messages.expectedList(found(entry.value), at: span(entry.value)))
        return
      }
      listed(entry.value, spec, kind, nameField, &collection)
    }
  }

  private mutating func mapped(
    _ mapping: Int32, _ spec: ChildSpec, _ kind: CompiledKind, _ shortField: String,
    _ collection: inout DesiredResource
  ) {
    var seen: [ExactString: SourceSpan] = [:]
    for entry in reader.tree.entries(of: mapping) {
      guard reader.tree.nodes[Int(entry.key)].symbol >= 0 else { continue }
      let written = key(entry.key)
      guard let name = childName(written, spec.kind, at: span(entry.key)) else { continue }
      if let first = seen[name] {
        report(Messages.indexTwice(name.string, at: span(entry.key), first: first))
        continue
      }
      seen[name] = span(entry.key)
      var output = Output()
      body(entry.value, kind, shortField, &output)
      collection.children.append(
        child(spec.kind, name, of: collection.address, at: entry.key, sorted(output)))
    }
  }

  private mutating func body(
    _ value: Int32, _ kind: CompiledKind, _ shortField: String, _ output: inout Output
  ) {
    if reader.tree.kind(value) == .mapping {
      walk(value, kind, Position(node: 0), into: &output)
      return
    }
    let node = kind.child(of: 0, reader.keys.intern(shortField))
    guard node >= 0 else { return }
    if isNull(value) {
      report(
        Messages.missingValue(at: nullPlace(value), hint: "write its \(shortField)"))
    } else {
      field(
        YAMLTree.Entry(key: value, value: value), kind, Position(node: node), &output)
    }
  }

  /// The name by which a server knows a child; nil after telling what is wrong with it.
  private mutating func childName(
    _ written: String, _ kind: ResourceKind, at place: SourceSpan
  ) -> ExactString? {
    guard kind == .index else { return ExactString(written) }
    do throws(IndexPath.Failure) {
      return ExactString(try IndexPath(written).canonical)
    } catch {
      let scalars = Array(written.unicodeScalars)
      let at =
        NameRules.subspan(
          min(error.offset, max(0, scalars.count - 1)), in: scalars, place, reader.source)
      report(Messages.indexPath(written, at: at ?? place))
      return nil
    }
  }

  private mutating func listed(
    _ list: Int32, _ spec: ChildSpec, _ kind: CompiledKind, _ nameField: String,
    _ collection: inout DesiredResource
  ) {
    var seen: [ExactString: SourceSpan] = [:]
    for item in reader.tree.elements(of: list) {
      var output = Output()
      var isPresent = true
      var nameNode: Int32?
      if reader.tree.kind(item) == .mapping {
        let name = reader.keys.intern(nameField)
        walk(item, kind, Position(node: 0), into: &output)
        for entry in output.specials {
          if reader.tree.nodes[Int(entry.key)].symbol == name {
            nameNode = entry.value
          } else if let state = decode(.oneOf(["present", "absent"]), entry.value) {
            isPresent = state != "absent"
          }
        }
        if nameNode == nil {
          report(Messages.missingField(nameField, type: nil, at: span(item).start))
        }
      } else {
        nameNode = item
      }
      guard let nameNode, let name = listedName(nameNode, spec.kind) else { continue }
      if let first = seen[name] {
        report(Messages.listedTwice(name.string, at: span(nameNode), first: first))
        continue
      }
      seen[name] = span(nameNode)
      var child = child(spec.kind, name, of: collection.address, at: nameNode, sorted(output))
      child.isPresent = isPresent
      collection.children.append(child)
    }
  }

  /// An alias by its text; a shard key by its JSON text, since `"1"` and `1` are two keys.
  private mutating func listedName(_ node: Int32, _ kind: ResourceKind) -> ExactString? {
    if isNull(node) {
      report(Messages.missingItem(at: nullPlace(node)))
      return nil
    }
    if kind == .shardKey {
      return decode(.textOrInteger, node).map { ExactString($0.text()) }
    }
    guard let text = decode(.text(bytes: 0...Int.max), node)?.string else { return nil }
    let isPlain = reader.tree.nodes[Int(reader.tree.resolved(node))].isPlain
    for diagnostic in NameRules.alias.check(
      text, at: span(node), isPlain: isPlain, source: reader.source)
    {
      report(diagnostic)
    }
    return ExactString(text)
  }

  private func child(
    _ kind: ResourceKind, _ name: ExactString, of parent: ResourceAddress, at place: Int32,
    _ fields: [DesiredField]
  ) -> DesiredResource {
    let collection: ExactString = kind == .alias ? "" : parent.collection
    var child = DesiredResource(
      address: ResourceAddress(
        kind: kind, collection: collection, name: name, cluster: parent.cluster),
      span: span(place), fields: fields)
    child.chain = reader.tree.chain(place)
    return child
  }
}
