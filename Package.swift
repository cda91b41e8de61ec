// swift-tools-version: 6.2

import PackageDescription

/// Settings of what tests share, where every import is for all who use it.
let shared: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Settings shared by every target of ours: strict, and warnings are errors.
let strict = shared + [.enableUpcomingFeature("InternalImportsByDefault")]

/// A module of ours; what it may import stands in the tidy test, too.
func module(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: strict)
}

/// A command: at most ten lines over `Commands` or `Sandbox`.
func command(_ name: String, _ dependency: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.byName(name: dependency)], swiftSettings: strict)
}

/// A test target.
func tests(_ name: String, _ dependencies: [String], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies.map { .byName(name: $0) }, resources: resources,
    swiftSettings: strict)
}

let package = Package(
  name: "qdrant-reconciler",
  products: [
    .executable(name: "qdrant-plan", targets: ["qdrant-plan"]),
    .executable(name: "qdrant-apply", targets: ["qdrant-apply"]),
    .executable(name: "qdrant-drift", targets: ["qdrant-drift"]),
    .executable(name: "qdrant-sandbox", targets: ["qdrant-sandbox"]),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CLinux"),

    module("JSON"),
    module("Diagnostics", ["JSON"]),
    module("OptionParsing", ["Diagnostics"]),
    module("Secrets", ["Diagnostics", "CCrypto"]),
    module("ResourceModel", ["Diagnostics", "JSON"]),
    module("QdrantSchema", ["ResourceModel", "JSON", "Diagnostics"]),
    module("Policies", ["ResourceModel", "Diagnostics", "JSON"]),
    module("Manifests", ["ResourceModel", "Diagnostics", "JSON", "CYAML"]),
    module("Planning", ["ResourceModel", "Diagnostics", "JSON", "CCrypto"]),
    module("Transport", ["Secrets", "CCurl"]),
    module("Execution", ["Planning", "ResourceModel", "JSON", "CLinux"]),
    module("Rendering", ["Execution", "Planning", "ResourceModel", "Diagnostics", "JSON"]),
    module("QdrantProvider", ["QdrantSchema", "ResourceModel", "Transport", "Secrets", "JSON"]),
    module("SimulatedQdrant", ["JSON", "CCrypto"]),
    module("SimulatedStore", ["SimulatedQdrant", "JSON", "CCrypto"]),
    module("InProcessTransport", ["Transport", "SimulatedQdrant"]),
    module(
      "Rehearsal",
      [
        "Planning", "Execution", "QdrantProvider", "InProcessTransport", "SimulatedQdrant",
        "Transport", "Secrets", "ResourceModel", "JSON",
      ]),
    module(
      "ClusterProviders",
      [
        "QdrantProvider", "Transport", "InProcessTransport", "SimulatedStore", "SimulatedQdrant",
        "Secrets", "ResourceModel", "JSON",
      ]),
    module(
      "Sandbox",
      ["SimulatedStore", "SimulatedQdrant", "OptionParsing", "JSON", "CMicroHTTPD"]),
    module(
      "Commands",
      [
        "Manifests", "Policies", "Rehearsal", "Rendering", "Execution", "Planning",
        "ClusterProviders", "QdrantProvider", "QdrantSchema", "Transport", "Secrets",
        "OptionParsing", "ResourceModel", "Diagnostics",
        "JSON",
      ]),

    command("qdrant-plan", "Commands"),
    command("qdrant-apply", "Commands"),
    command("qdrant-drift", "Commands"),
    command("qdrant-sandbox", "Sandbox"),

    tests("RepositoryTests", []),
    tests(
      "CommandsTests",
      [
        "Commands", "Execution", "SimulatedDisk", "ClusterProviders", "QdrantProvider", "Planning",
        "OptionParsing",
        "QdrantSchema", "SimulatedQdrant", "InProcessTransport", "Transport", "Secrets",
        "ResourceModel", "JSON", "ScriptedServer",
      ]),
    tests("JSONTests", ["TestSupport", "JSON"]),
    tests("ExecutionTests", ["SimulatedDisk", "Execution", "Planning", "JSON"]),
    tests(
      "LawTests",
      [
        "LawBench", "TestSupport", "Rehearsal",
        "Planning", "Manifests", "Execution", "QdrantProvider", "QdrantSchema", "SimulatedQdrant",
        "InProcessTransport", "Transport", "Secrets", "ResourceModel", "JSON", "Diagnostics",
      ]),
    tests(
      "LockTests",
      [
        "TestSupport", "Execution", "QdrantProvider", "QdrantSchema", "SimulatedQdrant",
        "InProcessTransport", "Transport", "Secrets", "ResourceModel", "JSON",
      ]),
    tests("OptionParsingTests", ["TestSupport", "OptionParsing"]),
    tests(
      "SimulatedStoreTests",
      ["SimulatedStore", "SimulatedQdrant", "InProcessTransport", "Transport", "JSON"]),
    tests(
      "SandboxTests",
      [
        "Sandbox", "SimulatedStore", "SimulatedQdrant", "Transport", "ScriptedServer",
        "OptionParsing", "JSON", "qdrant-sandbox",
      ]),
    tests("SecretsTests", ["Secrets", "CCrypto"]),
    tests(
      "QdrantSchemaTests", ["QdrantSchema", "ResourceModel", "Diagnostics", "JSON"],
      resources: [.copy("Facts")]),
    tests("TransportTests", ["TestSupport", "Transport", "Secrets", "ScriptedServer"]),
    tests("SimulatedQdrantTests", ["SimulatedQdrant", "JSON", "CCrypto"]),
    tests("DiagnosticsTests", ["TestSupport", "Diagnostics", "JSON"]),
    tests(
      "ManifestsTests",
      ["TestSupport", "Manifests", "QdrantSchema", "ResourceModel", "Diagnostics", "JSON"],
      resources: [.copy("BadInputs")]),
    tests(
      "PoliciesTests",
      ["Policies", "Manifests", "QdrantSchema", "ResourceModel", "Diagnostics", "JSON"],
      resources: [.copy("Fixtures")]),
    .executableTarget(
      name: "plan-benchmark",
      dependencies: [
        "Manifests", "Planning", "QdrantProvider", "QdrantSchema", "ResourceModel", "Transport",
        "Secrets", "Diagnostics", "JSON", "CYAML",
      ], path: "Tests/PlanBenchmark", swiftSettings: strict),
    .target(
      name: "LawBench",
      dependencies: [
        "TestSupport", "Planning", "Execution", "QdrantProvider", "QdrantSchema",
        "SimulatedQdrant", "InProcessTransport", "Transport", "Secrets", "ResourceModel", "JSON",
        "Diagnostics",
      ], path: "Tests/LawBench", swiftSettings: shared),
    .target(
      name: "CrashBench",
      dependencies: [
        "LawBench", "TestSupport", "Planning", "Execution", "QdrantProvider", "QdrantSchema",
        "SimulatedQdrant", "InProcessTransport", "Transport", "Secrets", "ResourceModel", "JSON",
      ], path: "Tests/CrashBench", swiftSettings: shared),
    tests("CrashTests", ["CrashBench", "TestSupport"]),
    tests(
      "FaultTests",
      [
        "LawBench", "TestSupport", "Rendering", "Planning", "Manifests", "Execution",
        "QdrantProvider", "QdrantSchema", "SimulatedQdrant", "InProcessTransport", "Transport",
        "Secrets", "ResourceModel", "JSON", "Diagnostics",
      ]),
    .target(
      name: "FuzzBench", dependencies: ["SimulatedQdrant", "TestSupport", "JSON"],
      path: "Tests/FuzzBench", swiftSettings: shared),
    .executableTarget(
      name: "fuzz-requests", dependencies: ["FuzzBench"], path: "Tests/Fuzz",
      swiftSettings: strict),
    .executableTarget(
      name: "sandbox-benchmark", dependencies: ["TestSupport"], path: "Tests/SandboxBenchmark",
      swiftSettings: strict),
    .executableTarget(
      name: "kill-sweep", dependencies: ["CrashBench"], path: "Tests/KillSweep",
      swiftSettings: strict),
    .executableTarget(
      name: "apply-benchmark",
      dependencies: [
        "LawBench", "Execution", "Planning", "QdrantProvider", "InProcessTransport",
        "ResourceModel", "JSON",
      ], path: "Tests/ApplyBenchmark", swiftSettings: shared),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "SimulatedDisk", dependencies: ["Execution"], path: "Tests/SimulatedDisk",
      swiftSettings: strict),
    .systemLibrary(name: "CSSL", path: "Tests/CSSL", pkgConfig: "libssl"),
    .target(
      name: "ScriptedServer", dependencies: ["CSSL"], path: "Tests/ScriptedServer",
      swiftSettings: strict),
  ]
)
