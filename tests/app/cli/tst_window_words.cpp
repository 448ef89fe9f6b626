// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/cli/cmd_window.h"

using namespace weir;
using namespace weir::cli;
using Kind = kafka::StartAt::Kind;

namespace {

Result<WindowStart> start_of(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, window_options(), 0);
    if (!arguments)
        return arguments.error();
    return window_start(*arguments, Kind::End);
}

} // namespace

class TestWindowWords : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void brokers_and_topics_open_the_window_without_a_workspace() {
        const auto start = start_of({"--bootstrap", "localhost:1", "--topic", "raw_events",
                                     "--topic", "^clean_", "--last", "@50", "--filter", "x"});
        QVERIFY(start.ok());
        QCOMPARE(start->start.kind, Kind::LastN);
        QCOMPARE(start->filter, std::string("x"));
        const auto session = start->open();
        QVERIFY(session.ok());
        const Workspace& workspace = (*session)->workspace();
        QCOMPARE(workspace.connections.size(), std::size_t{1});
        QCOMPARE(workspace.connections.front().environment, kafka::Environment::Production);
        const auto request = watched(workspace, workspace.connections.front().name);
        QCOMPARE(request.topics, std::vector<std::string>{"raw_events"});
        QCOMPARE(request.topic_patterns, std::vector<std::string>{"clean_"});
    }
    void an_offset_that_a_partition_has_not_holds_nothing_back() {
        const auto start =
            start_of({"--bootstrap", "localhost:1", "--topic", "raw_events", "--from", "@1000"});
        QVERIFY(start.ok());
        QCOMPARE(start->start.kind, Kind::OffsetOrEnd);
        QCOMPARE(start->start.number, 1000);
    }
    void brokers_without_a_topic_are_not_enough() {
        const auto start = start_of({"--bootstrap", "localhost:1"});
        QVERIFY(!start.ok());
        QVERIFY(start.error().text().find("no topic is named") != std::string::npos);
        QVERIFY(!start_of({"--topic", "raw_events"}).ok());
        QVERIFY(!start_of({"--bogus"}).ok());
    }
    void nothing_at_all_is_the_welcome_page() {
        const auto start = start_of({});
        QVERIFY(start.ok());
        QVERIFY(!start->open);
        QCOMPARE(start->start.kind, Kind::End);
    }
};

QTEST_GUILESS_MAIN(TestWindowWords)
#include "tst_window_words.moc"
