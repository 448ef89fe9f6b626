// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include <nlohmann/json.hpp>

#include "connectors/base/embedded.h"
#include "connectors/secrets/typed_secrets.h"
#include "models/workspace/duration.h"
#include "models/workspace/workspace.h"
#include "tests/support/source_path.h"

using namespace weir;
using Json = nlohmann::ordered_json;

namespace {

std::string file_text(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A workspace with one Kafka connection, changed by a JSON merge patch.
std::string with(const std::string& patch) {
    Json json = Json::parse(R"({"weir": {"version": 1, "least_reader": 1}, "name": "Shop",
        "connections": [{"name": "prod-kafka", "kind": "kafka", "address": "localhost:9092"}]})");
    json.merge_patch(Json::parse(patch));
    return json.dump();
}

std::string with_connection(const std::string& members) {
    Json connection =
        Json::parse(R"({"name": "prod-kafka", "kind": "kafka", "address": "h:9092"})");
    connection.merge_patch(Json::parse(members));
    return with(Json{{"connections", Json::array({connection})}}.dump());
}

Error mistake_in(const std::string& text) {
    auto workspace = Workspace::parse(text, "shop.weir.json");
    return workspace.ok() ? Error{} : workspace.error();
}

} // namespace

class TestWorkspace : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_example_can_be_opened_data() {
        QTest::addColumn<QString>("name");
        const QDir folder(QString::fromStdString(test::source_path("resources/workspaces")));
        const QStringList names = folder.entryList({QStringLiteral("*.weir.json")});
        QVERIFY(names.size() >= 10);
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name;
    }
    void every_example_can_be_opened() {
        QFETCH(QString, name);
        const std::string path = "resources/workspaces/" + name.toStdString();
        const auto workspace = Workspace::load(test::source_path(path));
        QVERIFY2(workspace.ok(), workspace.ok() ? "" : workspace.error().text().c_str());
        QVERIFY(!workspace->connections.empty());
        QVERIFY(!workspace->watch.empty());
        QVERIFY(workspace->connection(workspace->watch[0].connection));
        QCOMPARE(embedded_file(path), std::string_view(file_text(test::source_path(path))));
    }

    void the_demo_is_part_of_the_program() {
        const Workspace demo = Workspace::demo();
        QCOMPARE(demo.connections.at(0).bootstrap, std::string("embedded"));
        QVERIFY(demo.connections.at(0).environment == kafka::Environment::Sandbox);
        QCOMPARE(demo.watch.at(0).topics.size(), 4u);
        QCOMPARE(demo.stages.at(0).outputs.at(0), std::string("unique_events"));
        QCOMPARE(demo.stages.at(0).slo_p95_us, 2'000'000);
        QVERIFY(demo.event.places.at("invalid_events").dead_letters);
    }

    void what_a_workspace_does_not_say_of_unknown_types_is_not_said() {
        ContractsSpec contracts;
        QVERIFY(!contracts.said_of_unknown_types("raw_events"));
        QVERIFY(contracts.unknown_types_at("raw_events") == UnknownTypes::Refuse);
        contracts.places["raw_events"].unknown_types = UnknownTypes::Pass;
        QVERIFY(contracts.said_of_unknown_types("raw_events") == UnknownTypes::Pass);
        QVERIFY(!contracts.said_of_unknown_types("other_events"));
    }

    void an_example_shows_contracts_masking_and_roles() {
        const auto w = Workspace::load(
            test::source_path("resources/workspaces/contracts-and-masking.weir.json"));
        QVERIFY2(w.ok(), w.ok() ? "" : w.error().text().c_str());
        QVERIFY(w->contracts.built_in);
        QVERIFY(w->contracts.checks("raw_events"));
        QVERIFY(!w->contracts.checks("partner_events"));
        QVERIFY(w->contracts.checks("invalid_events"));
        QVERIFY(w->contracts.unknown_types_at("raw_events") == UnknownTypes::Refuse);
        QVERIFY(w->contracts.unknown_types_at("invalid_events") == UnknownTypes::Flag);
        using kafka::Environment;
        QVERIFY(w->masking.policy_on(Environment::Production) == MaskingPolicy::Contracts);
        QVERIFY(w->masking.policy_on(Environment::Sandbox) == MaskingPolicy::Contracts);
        QCOMPARE(w->masking.token_key.text, std::string("keychain:weir/token-key"));
        const auto role = [&](const char* user, Environment environment) {
            const auto* found = w->role_of(user, RoleSpec::Right::Unmask, environment);
            return found == nullptr ? std::string() : found->name;
        };
        QCOMPARE(role("jdoe", Environment::Production), std::string("data protection"));
        QCOMPARE(role("someone", Environment::Production), std::string());
        QCOMPARE(role("someone", Environment::Staging), std::string());
        QVERIFY(!role("someone", Environment::Sandbox).empty());
    }

    void masking_is_the_strictest_where_nothing_is_said() {
        using kafka::Environment;
        const MaskingSpec usual;
        QVERIFY(usual.policy_on(Environment::Production) == MaskingPolicy::Contracts);
        QVERIFY(usual.policy_on(Environment::Staging) == MaskingPolicy::Contracts);
        QVERIFY(usual.policy_on(Environment::Sandbox) == MaskingPolicy::None);
        const auto w = Workspace::parse(
            with(R"({"masking": {"policy": "none", "environments": {"production": "default"}}})"),
            "");
        QVERIFY2(w.ok(), w.ok() ? "" : w.error().text().c_str());
        QVERIFY(w->masking.policy_on(Environment::Production) == MaskingPolicy::Contracts);
        QVERIFY(w->masking.policy_on(Environment::Staging) == MaskingPolicy::None);
        QVERIFY(Workspace().role_of("jdoe", RoleSpec::Right::Unmask, Environment::Sandbox) ==
                nullptr);
    }

    void a_folder_of_contracts_is_taken_from_beside_the_file_and_written_so() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("mine.weir.json")).toStdString();
        for (const char* named : {"contracts", "./demo", "/etc/contracts", "../shared"}) {
            auto w = Workspace::parse(
                with(Json{{"contracts", {{"folder", named}, {"check", false}}}}.dump()), file);
            QVERIFY2(w.ok(), w.ok() ? "" : w.error().text().c_str());
            QVERIFY(!w->contracts.built_in);
            QVERIFY(w->contracts.folder.front() == '/');
            const auto text = w->to_json(file);
            QVERIFY(text.ok());
            QCOMPARE(Json::parse(*text)["contracts"]["folder"].get<std::string>(), named);
            QVERIFY(w->to_json("/elsewhere/mine.weir.json").ok());
        }
        auto made = Workspace::parse(with("{}"), file);
        made->contracts.folder = folder.filePath(QStringLiteral("demo")).toStdString();
        const auto text = made->to_json(file);
        QVERIFY(text.ok());
        QCOMPARE(Json::parse(*text)["contracts"]["folder"].get<std::string>(),
                 std::string("./demo"));
    }

    void the_schema_in_the_program_is_the_one_in_the_tree() {
        const std::string file = test::source_path("resources/workspace.schema.json");
        QCOMPARE(embedded_file("resources/workspace.schema.json"),
                 std::string_view(file_text(file)));
    }

    void a_file_of_version_1_is_read_whole() {
        const std::string file = test::source_path("tests/fixtures/workspace/version_1.weir.json");
        const auto w = Workspace::load(file);
        QVERIFY2(w.ok(), w.ok() ? "" : w.error().text().c_str());
        QCOMPARE(w->connections.size(), 1u); // the warehouse is kept, and is not Kafka
        const kafka::ConnectionOptions& c = w->connections[0];
        QVERIFY(c.environment == kafka::Environment::Production && c.environment_assumed);
        QVERIFY(c.security.protocol == kafka::Protocol::SaslSsl);
        QVERIFY(c.security.mechanism == kafka::Mechanism::ScramSha512);
        QVERIFY(!c.security.verify_hostname);
        QCOMPARE(c.security.ca_file, test::source_path("tests/fixtures/workspace/ca.pem"));
        QCOMPARE(c.security.password.text, std::string("env:KAFKA_PASSWORD"));
        QCOMPARE(c.properties.at("fetch.wait.max.ms"), std::string("10"));
        QCOMPARE(c.read_budget_mb_s, 12.5);
        QCOMPARE(w->watch.at(0).topic_patterns.at(0), std::string("events_.*"));
        QCOMPARE(w->event.dimension_paths.at("tenant").size(), 2u);
        QCOMPARE(w->event.places.at("bad").id_paths.at(0), std::string("properties.id"));
        QCOMPARE(w->stages.at(0).output_filters.size(), 2u);
        QCOMPARE(w->stages.at(0).slo_p95_us, 90'000'000);
        QCOMPARE(w->contracts.folder, test::source_path("tests/fixtures/workspace/contracts"));
        QVERIFY(w->contracts.check);
        QCOMPARE(w->roles.at(0).name, std::string("kept as it is"));
        QVERIFY(w->masking.policy == MaskingPolicy::Detectors);
        QCOMPARE(w->retention.memory_rows, 5000u);
    }

    void how_long_a_history_is_kept_is_read_and_written() {
        const auto plain = Workspace::parse(with("{}"), "w.weir.json");
        QVERIFY2(plain.ok(), plain.ok() ? "" : plain.error().text().c_str());
        QVERIFY(plain->retention.keeps_history);
        QVERIFY(plain->retention.history == HistoryPolicy());
        auto changed = *plain;
        changed.retention.history.hot_us = 6LL * 3'600 * 1'000'000;
        changed.retention.keeps_history = false;
        const auto text = changed.to_json("w.weir.json");
        QVERIFY2(text.ok(), text.ok() ? "" : text.error().text().c_str());
        QVERIFY(Json::parse(*text)["retention"]["history"]["hot"] == "6 h");
        const auto again = Workspace::parse(*text, "w.weir.json");
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().text().c_str());
        QVERIFY(again->retention.history == changed.retention.history);
        QVERIFY(!again->retention.keeps_history);

        const Error shorter =
            mistake_in(with(R"({"retention": {"history": {"hot": "3 d", "warm": "2 d"}}})"));
        QVERIFY(shorter.where.find("/retention/history/warm") != std::string::npos);
        const Error minutes = mistake_in(with(R"({"retention": {"history": {"hot": "5 min"}}})"));
        QVERIFY(minutes.where.find("/retention/history/hot") != std::string::npos);
    }

    void a_mistake_is_told_with_its_place_and_its_mend_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("mend");
        const auto row = [](const char* name, const std::string& text, const char* where,
                            const char* mend) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(where)
                                << QString::fromUtf8(mend);
        };
        row("misspelt", with_connection(R"({"enviroment": "sandbox"})"),
            "/connections/0/enviroment", "Did you mean \"environment\"?");
        row("a hyphen", with_connection(R"({"security": {"ca-file": "x"}})"),
            "/connections/0/security/ca-file", "Did you mean \"ca_file\"?");
        row("unknown environment", with_connection(R"({"environment": "prod"})"),
            "/connections/0/environment", "Did you mean \"production\"?");
        row("wrong type", with_connection(R"({"read_budget_mb_s": "fast"})"),
            "/connections/0/read_budget_mb_s", "of that kind");
        row("missing", with(R"({"name": null})"), "", "Add it");
        row("unknown connection", with(R"({"watch": [{"connection": "prod-kafak"}]})"),
            "/watch/0/connection", "Did you mean \"prod-kafka\"?");
        row("duration",
            with(R"({"stages": [{"name": "a", "inputs": ["b"], "slo": {"p95": "fast"}}]})"),
            "/stages/0/slo/p95", "37 ms");
        row("embedded in production", with_connection(R"({"address": "embedded"})"),
            "/connections/0", "sandbox");
        row("an address without a port that is one",
            with_connection(R"({"address": "kafka-1:9O92"})"), "/connections/0/address",
            "HOST:PORT");
        row("login without SASL",
            with_connection(
                R"({"security": {"mechanism": "plain", "username": "a", "password": "env:P"}})"),
            "/connections/0/security", "sasl_ssl");
        row("certificates without TLS", with_connection(R"({"security": {"ca_file": "ca.pem"}})"),
            "/connections/0/security/ca_file", "ssl");
        row("a dimension twice", with(R"({"event": {"dimensions": ["type", "type"]}})"),
            "/event/dimensions", "Remove one");
        row("too little memory", with(R"({"retention": {"memory_bytes": 10}})"),
            "/retention/memory_bytes", "1048576 or more");
        row("contracts without a folder", with(R"({"contracts": {}})"), "/contracts", "Add it");
        row("an effect that there is not",
            with(R"({"contracts": {"folder": "c", "unknown_types": "refused"}})"),
            "/contracts/unknown_types", "Did you mean \"refuse\"?");
        row("a place of contracts",
            with(R"({"contracts": {"folder": "c", "places": {"raw": {"chek": true}}}})"),
            "/contracts/places/raw/chek", "Did you mean \"check\"?");
        row("a policy that there is not", with(R"({"masking": {"policy": "contract"}})"),
            "/masking/policy", "Did you mean \"contracts\"?");
        row("an environment that there is not",
            with(R"({"masking": {"environments": {"prod": "none"}}})"),
            "/masking/environments/prod", "Did you mean \"production\"?");
        row("masking by contracts that there are not",
            with(R"({"masking": {"environments": {"sandbox": "contracts"}}})"),
            "/masking/environments/sandbox", "Add \"contracts\"");
        row("a key of tokens from a command",
            with(R"({"masking": {"token_key": "command:cat k"}})"), "/masking/token_key",
            "keychain:SERVICE/KEY");
        row("a right that there is not",
            with(R"({"roles": [{"name": "a", "members": ["b"], "rights": ["unmaks"]}]})"),
            "/roles/0/rights/0", "Did you mean \"unmask\"?");
        row("a role for nobody", with(R"({"roles": [{"name": "a", "rights": ["unmask"]}]})"),
            "/roles/0", "Add the other one");
        row("a role twice",
            with(R"({"roles": [{"name": "a", "members": ["b"], "rights": ["unmask"]},
                                 {"name": "a", "members": ["c"], "rights": ["unmask"]}]})"),
            "/roles/1/name", "Rename one");
        row("a pointer is escaped", with(R"({"event": {"places": {"a/b~c": {"dialec": "x"}}}})"),
            "/event/places/a~1b~0c/dialec", "Did you mean \"dialect\"?");
    }
    void a_mistake_is_told_with_its_place_and_its_mend() {
        QFETCH(QString, text);
        QFETCH(QString, where);
        QFETCH(QString, mend);
        const Error error = mistake_in(text.toStdString());
        QVERIFY(error.code == ErrorCode::Config);
        QCOMPARE(error.where, "shop.weir.json#" + where.toStdString());
        QVERIFY2(error.advice.find(mend.toStdString()) != std::string::npos, error.text().c_str());
        QVERIFY(!error.what.empty());
    }

    void a_secret_in_the_clear_is_refused_and_not_repeated_data() {
        QTest::addColumn<QString>("members");
        const auto row = [](const char* name, const char* members) {
            QTest::newRow(name) << QString::fromUtf8(members);
        };
        row("password", R"({"security": {"protocol": "sasl_ssl", "mechanism": "plain",
            "username": "weir", "password": "hunter2"}})");
        row("as a number", R"({"security": {"password": 4711}})");
        row("client secret", R"({"security": {"protocol": "sasl_ssl", "mechanism": "oauthbearer",
            "oauth": {"source": "client_credentials", "client_secret": "hunter2"}}})");
        row("librdkafka property", R"({"properties": {"sasl.password": "hunter2"}})");
        row("address", R"({"address": "weir:hunter2@host:9092"})");
        row("under another name", R"({"security": {"pasword": "hunter2"}})");
    }
    void a_secret_in_the_clear_is_refused_and_not_repeated() {
        QFETCH(QString, members);
        const Error error = mistake_in(with_connection(members.toStdString()));
        QVERIFY(error.code == ErrorCode::Config);
        QVERIFY2(error.text().find("hunter2") == std::string::npos, error.text().c_str());
        QVERIFY2(error.text().find("4711") == std::string::npos, error.text().c_str());
        const Error key = mistake_in(with(R"({"masking": {"token_key": "hunter2"}})"));
        QVERIFY(key.code == ErrorCode::Config);
        QVERIFY2(key.text().find("hunter2") == std::string::npos, key.text().c_str());
    }

    void broken_json_is_told_by_line_and_column() {
        const Error error = mistake_in("{\n  \"weir\": {,}\n}");
        QVERIFY2(error.what.find("line 2, column 12") != std::string::npos, error.text().c_str());
        QVERIFY(mistake_in("").code == ErrorCode::Config);
        QVERIFY(mistake_in("[]").code == ErrorCode::Config);
        QVERIFY(mistake_in(std::string(100'000, '[')).code == ErrorCode::Config);
    }

    void a_file_of_a_newer_weir_is_read_if_it_says_so_and_keeps_what_is_new() {
        const auto newer =
            Workspace::parse(with(R"({"weir": {"version": 2}, "holograms": {"on": true}})"), "");
        QVERIFY2(newer.ok(), newer.ok() ? "" : newer.error().text().c_str());
        const auto saved = newer->to_json("");
        QVERIFY(saved.ok());
        QVERIFY(Json::parse(*saved)["holograms"]["on"] == true);
        QVERIFY(Json::parse(*saved)["weir"]["version"] == 2);
        const Error refused = mistake_in(with(R"({"weir": {"version": 2, "least_reader": 2}})"));
        QVERIFY(refused.code == ErrorCode::Unsupported);
        QVERIFY(mistake_in(with(R"({"holograms": 1})")).code == ErrorCode::Config);
    }

    void what_is_not_changed_is_written_as_it_was() {
        for (const char* path :
             {"tests/fixtures/workspace/version_1.weir.json", "resources/workspaces/demo.weir.json",
              "resources/workspaces/oauth-client-credentials.weir.json",
              "resources/workspaces/contracts-and-masking.weir.json",
              "resources/workspaces/mtls-pem.weir.json"}) {
            const std::string file = test::source_path(path);
            const auto workspace = Workspace::load(file);
            QVERIFY(workspace.ok());
            const auto text = workspace->to_json(file);
            QVERIFY2(text.ok(), text.ok() ? "" : text.error().text().c_str());
            QVERIFY2(Json::parse(*text) == Json::parse(file_text(file)), text->c_str());
        }
    }

    void warehouses_are_found_by_their_name_and_kept() {
        const auto old =
            Workspace::load(test::source_path("tests/fixtures/workspace/version_1.weir.json"));
        QVERIFY(old.ok());
        const warehouse::ConnectionOptions* const found = old->warehouse("warehouse");
        QVERIFY(found != nullptr);
        QCOMPARE(found->address, std::string("postgresql://weir@db.example.com/analytics"));
        QCOMPARE(found->password.text, std::string("keychain:weir/warehouse"));
        QVERIFY(found->environment == Environment::Production);
        QVERIFY(old->connection("warehouse") == nullptr);
        QVERIFY(old->warehouse("nobody") == nullptr);

        const auto fresh =
            Workspace::parse(with_connection(R"({"kind": "sqlite", "address": "sqlite:shop.db"})"),
                             "/home/me/shop.weir.json");
        QVERIFY2(fresh.ok(), fresh.ok() ? "" : fresh.error().text().c_str());
        QCOMPARE(fresh->warehouses.size(), std::size_t{1});
        QCOMPARE(fresh->warehouses[0].address, std::string("sqlite:/home/me/shop.db"));
        QVERIFY(fresh->warehouses[0].environment_assumed);
        const Error other =
            mistake_in(with_connection(R"({"kind": "postgresql", "address": "sqlite:shop.db"})"));
        QCOMPARE(other.where, std::string("shop.weir.json#/connections/0/address"));
        QVERIFY2(other.advice.find("HOST/DATABASE") != std::string::npos, other.text().c_str());
    }

    void a_connection_made_in_the_window_is_saved_and_found_again() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("mine.weir.json")).toStdString();
        Workspace workspace;
        workspace.name = "Mine";
        kafka::ConnectionOptions c;
        c.name = "staging";
        c.bootstrap = "kafka:9093";
        c.environment = kafka::Environment::Staging;
        c.security.protocol = kafka::Protocol::SaslSsl;
        c.security.mechanism = kafka::Mechanism::ScramSha256;
        c.security.username = "me";
        c.security.password.text = "keychain:weir/staging";
        c.security.ca_file = folder.filePath(QStringLiteral("ca.pem")).toStdString();
        workspace.connections.push_back(c);
        workspace.watch.push_back({"staging", {"raw_events"}, {}});
        const auto saved = workspace.save(file);
        QVERIFY2(saved.ok(), saved.ok() ? "" : saved.error().text().c_str());
        QVERIFY(Json::parse(file_text(file))["connections"][0]["security"]["ca_file"] == "ca.pem");
        const auto again = Workspace::load(file);
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().text().c_str());
        QCOMPARE(again->connections.at(0).security.ca_file, c.security.ca_file);
        QCOMPARE(again->connections.at(0).security.password.text, c.security.password.text);
        QVERIFY(again->connections.at(0).environment == kafka::Environment::Staging);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // nothing temporary is left
    }

    void what_a_connection_is_is_only_saved_if_it_was_said() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("mine.weir.json")).toStdString();
        Workspace workspace = *Workspace::parse(with("{}"), file);
        workspace.connections[0].environment_assumed = false; // production, and by word
        QVERIFY(workspace.save(file).ok());
        QVERIFY(!Workspace::load(file)->connections[0].environment_assumed);
        workspace.connections[0].environment_assumed = true;
        QVERIFY(workspace.save(file).ok());
        QVERIFY(!Json::parse(file_text(file))["connections"][0].contains("environment"));
        QVERIFY(Workspace::load(file)->connections[0].environment_assumed);
    }

    void a_read_limit_that_nobody_said_is_the_environments() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("mine.weir.json")).toStdString();
        Workspace workspace = *Workspace::parse(with("{}"), file);
        kafka::ConnectionOptions& connection = workspace.connections[0];
        QCOMPARE(connection.read_budget_mb_s, 75.0); // production
        const auto saved = [&] {
            QVERIFY(workspace.save(file).ok());
            QCOMPARE(Workspace::load(file)->connections[0].read_budget_mb_s,
                     connection.read_budget_mb_s);
        };
        saved();
        QVERIFY(!Json::parse(file_text(file))["connections"][0].contains("read_budget_mb_s"));
        connection.read_budget_mb_s = 0; // lifted
        saved();
        connection.environment = kafka::Environment::Staging;
        connection.environment_assumed = false;
        saved();
        QVERIFY(!Json::parse(file_text(file))["connections"][0].contains("read_budget_mb_s"));
        connection.read_budget_mb_s = 75;
        saved();
    }

    void a_secret_is_never_saved() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("mine.weir.json")).toStdString();
        Workspace workspace = Workspace::demo();
        QVERIFY(workspace.save(file).ok());
        const std::string before = file_text(file);
        workspace.connections[0].security.protocol = kafka::Protocol::SaslSsl;
        workspace.connections[0].security.mechanism = kafka::Mechanism::Plain;
        workspace.connections[0].security.username = "me";
        for (const kafka::SecretRef& secret :
             {kafka::SecretRef{"hunter2"}, keep_typed("hunter2")}) {
            workspace.connections[0].security.password = secret;
            const auto refused = workspace.save(file);
            QVERIFY(!refused.ok());
            QVERIFY(refused.error().text().find("hunter2") == std::string::npos);
            QCOMPARE(file_text(file), before);
        }
    }

    void a_file_that_cannot_be_had_says_why() {
        QVERIFY(Workspace::load("/nowhere/x.weir.json").error().code == ErrorCode::NotFound);
        const QTemporaryDir folder;
        QVERIFY(Workspace::load(folder.path().toStdString()).error().code == ErrorCode::Io);
        const std::string file = folder.filePath(QStringLiteral("big.weir.json")).toStdString();
        std::ofstream(file) << std::string((16u << 20) + 1, ' ');
        QVERIFY(Workspace::load(file).error().code == ErrorCode::TooLarge);
        QVERIFY(Workspace::demo().save("/nowhere/x.weir.json").error().code == ErrorCode::NotFound);
    }

    void durations_are_read_and_written() {
        QCOMPARE(parse_duration_us("37 ms").value_or(-1), 37'000);
        QCOMPARE(parse_duration_us("1.5h").value_or(-1), 5'400'000'000);
        QCOMPARE(parse_duration_us("10 min").value_or(-1), 600'000'000);
        QCOMPARE(parse_duration_us("2m").value_or(-1), 120'000'000);
        for (const char* bad : {"", "ms", "1", "1 week", "-1 s", "1.s", "999999999 d"})
            QVERIFY2(!parse_duration_us(bad), bad);
        QCOMPARE(format_duration_us(90'000'000), std::string("90 s"));
        QCOMPARE(format_duration_us(3'600'000'000), std::string("1 h"));
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
