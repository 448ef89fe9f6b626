// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>

#include "app/cli/command.h"
#include "tests/support/weir_command.h"

using namespace weir::cli;
using namespace weir::test;

class TestGenerateCommand : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_same_seed_gives_the_same_bytes() {
        const Answer one = weir_in_process({"generate", "--count", "500", "--seed", "7"});
        QCOMPARE(one.code, 0);
        QVERIFY(one.out.count('\n') >= 500);
        QCOMPARE(weir_in_process({"generate", "--count", "500", "--seed", "7"}).out, one.out);
        QVERIFY(weir_in_process({"generate", "--count", "500", "--seed", "8"}).out != one.out);
    }
    void a_full_disk_is_said_and_is_a_failure() {
        for (const char* count : {"5", "5000"}) { // less and more than is kept back
            std::FILE* const full = std::fopen("/dev/full", "w");
            QVERIFY(full != nullptr);
            const Answer answer = weir_in_process({"generate", "--count", count, "--quiet"}, full);
            std::fclose(full);
            QCOMPARE(answer.code, 2);
            QVERIFY2(answer.err.contains("No space left on device"), answer.err.constData());
        }
    }
    void what_was_planted_is_told() {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("e.ndjson")).toStdString();
        const Answer said = weir_in_process(
            {"generate", "--count", "1000", "--malformed", "50%", "--json", "-o", file});
        QCOMPARE(said.code, 0);
        QVERIFY(said.out.startsWith("{\"events\":1000,\"faults\":{"));
        QVERIFY(said.out.contains("\"broken_json\":"));
        QVERIFY(QFile::exists(QString::fromStdString(file)));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }
    void a_file_that_cannot_be_written_leaves_nothing_behind() {
        const Answer said =
            weir_in_process({"generate", "--count", "10", "-o", "/nonexistent/e.ndjson"});
        QCOMPARE(said.code, 2);
        QVERIFY(said.err.contains("/nonexistent/e.ndjson"));
    }
    void help_lists_every_command_and_each_has_its_own() {
        const Answer help = weir_in_process({"--help"});
        QCOMPARE(help.code, 0);
        for (const Command& command : commands()) {
            QVERIFY(help.out.contains(command.name));
            const Answer own = weir_in_process({command.name, "--help"});
            QCOMPARE(own.code, 0);
            QVERIFY(own.out.startsWith(QByteArray(QByteArray("usage: weir ") + command.name)));
            for (const Option& option : command.options)
                QVERIFY(own.out.contains(QByteArray(QByteArray("--") + option.name)));
        }
    }
    void options_that_exclude_each_other_are_refused() {
        QCOMPARE(weir_in_process({"generate", "--json"}).code, 2);
        QCOMPARE(weir_in_process({"generate", "--topic", "t", "-o", "f"}).code, 2);
        QCOMPARE(weir_in_process({"search", "x", "-b", "h:1", "-w", "f", "-t", "t"}).code, 2);
        QCOMPARE(weir_in_process({"search", "x", "-b", "h:1", "-t", "t", "--json", "--fields", "a"})
                     .code,
                 2);
        QCOMPARE(weir_in_process({"tail", "-b", "h:1", "-t", "t", "--last", "soon"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestGenerateCommand)
#include "tst_generate_command.moc"
