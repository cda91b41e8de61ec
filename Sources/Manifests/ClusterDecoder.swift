import Diagnostics
import JSON
import ResourceModel

/// The kinds `Cluster` and `Workspace`.
extension ManifestDecoder {
  mutating func cluster(_ root: Int32, name nameNode: Int32?) {
    let name = name(nameNode, of: root, .cluster)
    var declaration = ClusterDeclaration(name: name ?? "")
    declaration.span = placeOfName(nameNode, root)
    declaration.baseFolder = baseFolder
    for field in clusterFields(root) {
      if field.path.segments.last == "command", field.value.array?.isEmpty ?? false {
        report(Messages.missingValue(at: field.provenance.span, hint: "name the program"))
      }
      apply(field, to: &declaration)
    }
    checkProvider(root, declaration)
    if name != nil { clusters.append(declaration) }
  }

  /// What a mapping says of a cluster, its name aside.
  mutating func clusterFields(_ root: Int32) -> [DesiredField] {
    let told = reader.findings.diagnostics.count
    checkSecrets(root)
    checkVerification(root)
    var output = Output()
    walk(root, clusterKind, Position(node: 0), into: &output)
    // A literal secret and `verify` have messages of their own; the walk's is taken back.
    dropRepeated(from: told)
    return output.fields
  }

  private mutating func dropRepeated(from start: Int) {
    let own: Set<String> = [ManifestCode.literalSecret.text, ManifestCode.tlsVerification.text]
    let diagnostics = reader.findings.diagnostics
    let places = Set(diagnostics[start...].filter { own.contains($0.code) }.map(\.span))
    let kept = diagnostics[start...].filter { own.contains($0.code) || !places.contains($0.span) }
    reader.findings.diagnostics = Array(diagnostics[..<start]) + kept
  }

  /// A text where a reference to a secret is due, kept out of every drawing.
  private mutating func checkSecrets(_ root: Int32) {
    for entry in reader.tree.entries(of: root) {
      if LocalKinds.secrets.contains(key(entry.key)) {
        guard reader.tree.kind(entry.value) != .mapping, !isNull(entry.value) else { continue }
        reader.findings.masks.append(span(entry.value))
        report(Messages.literalSecret(at: span(entry.value)))
      } else if key(entry.key) == "url", reader.tree.kind(entry.value) == .scalar,
        reader.tree.string(entry.value).utf8.contains(where: { $0 == 0x40 || $0 == 0x3F })
      {
        // Credentials may stand before an '@' or behind a '?'; the address check tells.
        reader.findings.masks.append(span(entry.value))
      }
    }
  }

  private mutating func checkVerification(_ root: Int32) {
    for entry in reader.tree.entries(of: root) where key(entry.key) == "tls" {
      for inner in reader.tree.entries(of: entry.value) where key(inner.key) == "verify" {
        report(Messages.tlsVerification(at: span(inner.key)))
      }
    }
  }

  private func apply(_ field: DesiredField, to cluster: inout ClusterDeclaration) {
    let keys = field.path.segments.map(\.string)
    let path = keys.joined(separator: ".")
    cluster.spans[path] = field.provenance.span
    let text = field.value.string
    switch path {
    case "provider": cluster.provider = text.flatMap { .init(rawValue: $0) } ?? .selfHosted
    case "url": cluster.url = text
    case "allow_plain_http": cluster.allowPlainHTTP = field.value.bool ?? false
    case "tls.ca_file": cluster.caFile = text
    case "tls.client_certificate": cluster.clientCertificate = text
    case "tls.client_key": cluster.clientKey = text
    case "wave": cluster.wave = field.value.integer ?? 1
    case "limits.concurrent_requests": cluster.concurrentRequests = field.value.integer ?? 32
    case "limits.timeout":
      cluster.timeoutSeconds = Double(text.flatMap(ValueType.seconds) ?? 30)
    case "storage": cluster.storage = text
    default: applyGroup(keys, field, to: &cluster)
    }
  }

  private func applyGroup(
    _ keys: [String], _ field: DesiredField, to cluster: inout ClusterDeclaration
  ) {
    switch keys.first {
    case "labels" where keys.count == 2: cluster.labels[keys[1]] = field.value.string
    case "api_key": cluster.apiKey = ManifestDecoder.reference(keys, field.value)
    case "read_api_key": cluster.readAPIKey = ManifestDecoder.reference(keys, field.value)
    default:
      cluster.later.append(
        Lifecycle.Later(
          key: keys.joined(separator: "."), value: field.value,
          provenance: field.provenance))
    }
  }

  private static func reference(_ keys: [String], _ value: JSONValue) -> CredentialReference? {
    switch (keys.last, value) {
    case ("env", .string(let name)): .environment(name)
    case ("file", .string(let path)): .file(path)
    case ("command", .array(let words)): .command(words.compactMap(\.string))
    default: nil
    }
  }

  private mutating func checkProvider(_ root: Int32, _ cluster: ClusterDeclaration) {
    let entries = reader.tree.entries(of: root)
    for entry in entries {
      guard let owners = LocalKinds.providers[key(entry.key)], !owners.contains(cluster.provider)
      else { continue }
      let names = owners.map(\.rawValue).joined(separator: " or ")
      report(
        Messages.misplacedField(
          "\(Messages.quoted(key(entry.key))) belongs to provider \(names), "
            + "not to \(cluster.provider.rawValue)", at: span(entry.key), hint: nil))
    }
    let needed: [ClusterDeclaration.ProviderKind: String] = [.selfHosted: "url", .shared: "of"]
    if let key = needed[cluster.provider], !entries.contains(where: { self.key($0.key) == key }) {
      report(
        Messages.missingField(
          key, type: nil, at: cluster.span ?? span(root).start,
          hint: key == "url" ? "for example url: https://qdrant.example.com:6333" : nil))
    }
    if (cluster.clientCertificate == nil) != (cluster.clientKey == nil) {
      let isKey = cluster.clientCertificate == nil
      let place = cluster.spans[isKey ? "tls.client_key" : "tls.client_certificate"]
      report(
        Messages.missingField(
          isKey ? "client_certificate" : "client_key", type: nil,
          at: place ?? span(root).start, hint: "a client certificate and its key go together"))
    }
  }

  mutating func workspace(_ root: Int32, name nameNode: Int32?) {
    var settings = WorkspaceSettings()
    settings.span = placeOfName(nameNode, root)
    if let name = name(nameNode, of: root, NameRules(what: "workspace name", bytes: 1...40)) {
      settings.name = name
      let isGood = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
      if !isGood, let nameNode {
        report(
          Messages.nameSyntax(
            "workspace name", "only lower-case letters, digits and '-'", at: span(nameNode)))
      }
    }
    var output = Output()
    walk(root, workspaceKind, Position(node: 0), into: &output)
    for field in output.fields { apply(field, to: &settings) }
    workspaces.append(settings)
  }

  private mutating func apply(_ field: DesiredField, to settings: inout WorkspaceSettings) {
    let place = field.provenance.span
    switch field.path.description {
    case "version":
      if field.value.integer != 1 {
        report(Messages.manifestVersion(field.value.text(), at: place))
      }
    case "state": settings.state = field.value.string ?? settings.state
    case "budgets.from": settings.budget.from = field.value.integer ?? settings.budget.from
    case "budgets.removals":
      let text = field.value.string ?? ""
      if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
        settings.budget.percent = percent
      } else {
        report(
          Messages.wrongType(
            "a percentage such as 30%", "the text " + Messages.quoted(text), at: place))
      }
    default: break
    }
  }
}
