package import OptionParsing
import SimulatedQdrant

extension CommandTable {
  /// The command line of `qdrant-sandbox`.
  package static let sandbox = CommandTable(
    name: "qdrant-sandbox", version: "0.1.0",
    summary: "Serves a simulated Qdrant over HTTP, for tests, demonstrations and laptops.",
    discussion: [
      "It answers the control plane and points as a real server of that release does, keeps "
        + "everything in its storage folder, and loses nothing that it has answered, even when it "
        + "is killed. It is no database: do not keep data in it that you need.",
      "What is not given as an option is read from the variables that a real server reads.",
    ] + FaultScript.documentation,
    options: [
      OptionSpec(
        "--storage", .directory("DIR"), standard: ".qdrant-sandbox",
        summary: "The folder that everything is kept in, made when missing."),
      OptionSpec(
        "--host", .text("ADDRESS"), standard: "127.0.0.1",
        summary: "The address to listen on."),
      OptionSpec(
        "--port", .integer("PORT", 0...65535), standard: "6333",
        summary: "The port to listen on; 0 takes a free one, which is printed."),
      OptionSpec(
        "--server-version", .text("LINE"), standard: SimulatedSettings().version.rawValue,
        summary: "The release to behave as."),
      OptionSpec(
        "--api-key-env", .text("NAME"),
        summary: "The environment variable that holds the API key which clients must send."),
      OptionSpec(
        "--allow-remote",
        summary: "Listens on an address that other machines can reach, too."),
      OptionSpec(
        "--faults", .file("FILE"),
        summary: "A script of faults (JSON, described above) that requests meet."),
    ],
    environment: [
      .init("QDRANT__SERVICE__HOST", "As --host."),
      .init("QDRANT__SERVICE__HTTP_PORT", "As --port."),
      .init("QDRANT__STORAGE__STORAGE_PATH", "As --storage."),
      .init(
        "QDRANT__SERVICE__API_KEY",
        "The key that clients must send; READ_ONLY_API_KEY and ALT_API_KEY in the same way."),
      .init(
        "QDRANT__SERVICE__ENABLE_TLS",
        "Whether it speaks HTTPS, with the files of TLS__CERT and TLS__KEY."),
      .init("QDRANT__…", "Every other setting that the simulation knows."),
    ],
    exitStatuses: [
      .init("0", "It was ended by SIGTERM or SIGINT."),
      .init("1", "The port is taken, the storage is locked or damaged, or the system refused."),
      .init("64", "The options, the environment or the fault script ask for what is not there."),
    ],
    secretHint: "a key is never an argument, which every user of the machine can read: put it into "
      + "a variable and name that by --api-key-env")
}
