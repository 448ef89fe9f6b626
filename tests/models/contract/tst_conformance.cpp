// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The public conformance suite of JSON Schema (JSON-Schema-Test-Suite), drafts 4, 6 and 7. It is
// not part of this tree: WEIR_JSON_SCHEMA_SUITE names a folder that has its tests/ and remotes/;
// else it is where Debian's package json-schema-test-suite puts it. Without one these tests are
// skipped, and say so.
#include <QTest>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "models/contract/schema/json_schema.h"

using namespace weir;
using namespace weir::schema;
namespace fs = std::filesystem;

namespace {

/// Left out on purpose: models/contract/README.md says why.
const std::set<std::string> left_out_files{
    "optional/cross-draft.json",         // a reference into draft 2019-09
    "optional/format/idn-hostname.json", // internationalised host names
};

const std::string left_out_group = "validation of A-label (punycode) host names";

struct Tally {
    int passed = 0;
    QStringList failed;
};

fs::path suite_folder() {
    const QByteArray named = qgetenv("WEIR_JSON_SCHEMA_SUITE");
    if (!named.isEmpty())
        return fs::path(named.toStdString());
    const fs::path packaged = "/usr/share/json-schema-test-suite";
    return fs::is_directory(packaged / "tests") ? packaged : fs::path();
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// One group: its schema, and values that fit or do not.
void run_group(const JsonTape& tape, std::uint32_t group, int draft, const std::string& name,
               const fs::path& remotes, Tally& tally) {
    const std::string title = name + ": " + tape.unescaped(*tape.member(group, "description"));
    const auto library = std::make_shared<Library>(static_cast<Draft>(draft));
    library->add_folder(remotes.string());
    const std::string text(tape.raw_quoted(*tape.member(group, "schema")));
    const auto added = library->add("schema", "weir:suite", text);
    if (!added) {
        tally.failed << QString::fromStdString(title + ": " + added.error().text());
        return;
    }
    CompileOptions options;
    options.formats = name.find("optional/format") != std::string::npos ||
                      name == "optional/ecmascript-regex.json";
    options.content = name.find("optional/content") != std::string::npos;
    const auto schema = JsonSchema::compile(library, **added, options);
    if (!schema) {
        tally.failed << QString::fromStdString(title + ": " + schema.error().text());
        return;
    }
    SchemaValidator validator;
    const std::uint32_t tests = *tape.member(group, "tests");
    for (std::uint32_t i = tests + 1; i < tape.nodes()[tests].next; i = tape.nodes()[i].next) {
        const std::string data(tape.raw_quoted(*tape.member(i, "data")));
        const bool valid = tape.nodes()[*tape.member(i, "valid")].kind == JsonKind::True;
        JsonTape value;
        std::vector<Violation> violations;
        if (!value.parse(data)) {
            tally.failed << QString::fromStdString(title + ": not JSON: " + data);
            continue;
        }
        const bool accepted = validator.accepts(**schema, value);
        validator.explain(**schema, value, violations);
        if (accepted == valid && violations.empty() == valid)
            ++tally.passed;
        else
            tally.failed << QString::fromStdString(
                title + ": " + tape.unescaped(*tape.member(i, "description")) +
                (violations.empty() ? "" : ": " + violation_text(violations.front())));
    }
}

Tally run_folder(int draft, const fs::path& tests, const fs::path& remotes) {
    Tally tally;
    for (const auto& entry : fs::recursive_directory_iterator(tests)) {
        if (entry.path().extension() != ".json")
            continue;
        const std::string name = fs::relative(entry.path(), tests).generic_string();
        if (left_out_files.count(name) != 0)
            continue;
        const std::string text = text_of(entry.path());
        JsonTape tape;
        if (!tape.parse(text)) {
            tally.failed << QString::fromStdString(name + ": not JSON");
            continue;
        }
        for (std::uint32_t i = 1; i < tape.nodes()[0].next; i = tape.nodes()[i].next)
            if (tape.unescaped(*tape.member(i, "description")) != left_out_group)
                run_group(tape, i, draft, name, remotes, tally);
    }
    return tally;
}

} // namespace

class TestConformance : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void the_public_suite_data() {
        QTest::addColumn<int>("draft");
        QTest::newRow("draft-04") << 4;
        QTest::newRow("draft-06") << 6;
        QTest::newRow("draft-07") << 7;
    }
    void the_public_suite() {
        QFETCH(int, draft);
        const fs::path suite = suite_folder();
        if (suite.empty())
            QSKIP("no JSON-Schema-Test-Suite: install json-schema-test-suite, or name a "
                  "folder in WEIR_JSON_SCHEMA_SUITE");
        const fs::path tests = suite / "tests" / ("draft" + std::to_string(draft));
        QVERIFY2(fs::is_directory(tests), tests.c_str());
        const Tally tally = run_folder(draft, tests, suite / "remotes");
        qInfo("draft-0%d: %d passed, %d failed", draft, tally.passed,
              static_cast<int>(tally.failed.size()));
        for (const QString& failure : tally.failed)
            qInfo("  %s", qPrintable(failure));
        QVERIFY(tally.passed > 100);
        QCOMPARE(tally.failed.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestConformance)
#include "tst_conformance.moc"
