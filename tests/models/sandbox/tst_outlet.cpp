// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
//
// What becomes of a batch on a broker whose topics take less than a megabyte, or come to.
#include <QTemporaryDir>
#include <QtTest>

#include <future>

#include "connectors/kafka/read/reader.h"
#include "models/sandbox/outlet.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::sandbox;
using namespace weir::test;
using namespace std::chrono_literals;

class TestOutlet : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    std::unique_ptr<KafkaTool> m_tool;
    ConnectionOptions m_sandbox;

    Result<std::unique_ptr<Outlet>> open(const std::string& raw, const std::string& invalid) {
        const auto ticket = prove_sandbox(m_sandbox, {}, 30s);
        if (!ticket)
            return ticket.error();
        return Outlet::open(*ticket, {.raw_topic = raw, .invalid_topic = invalid}, 30s);
    }
    static WriteResult written(Outlet& outlet, const std::vector<std::string>& values) {
        std::vector<OutgoingRecord> records;
        for (const std::string& value : values)
            records.push_back({Topic::Raw, "one session", value});
        std::promise<WriteResult> told;
        outlet.write(records, [&](const WriteResult& result) { told.set_value(result); });
        return told.get_future().get();
    }
    std::size_t records_in(const std::string& topic) const {
        ReadRequest request;
        request.topics = {topic};
        request.start.kind = StartAt::Kind::Beginning;
        request.end.kind = EndAt::Kind::Snapshot;
        const auto reader =
            Reader::open(Cluster::open(m_sandbox, {}).value(), request, 30s).value();
        Reading reading;
        return read_all(*reader, reading, 60s) ? reading.records.size() : SIZE_MAX;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
        m_tool = std::make_unique<KafkaTool>(*m_broker);
        m_sandbox = m_broker->connection();
        m_sandbox.environment = Environment::Sandbox;
        VERIFY_OK(init_sandbox(m_sandbox, {}, {}, 30s));
    }

    void what_topics_take_is_asked_when_it_opens() {
        VERIFY_OK(m_tool->create_topic("small", 1, {{"max.message.bytes", "100000"}}));
        auto outlet = open("small", "letters");
        VERIFY_OK(outlet);
        QVERIFY((*outlet)->limits().raw_bytes < 100'000);
        QVERIFY((*outlet)->limits().raw_bytes > 99'000);
        QCOMPARE((*outlet)->limits().invalid_bytes, OutletLimits::record_bytes_max);
        // Each of them fits; together they would be refused.
        const std::size_t key_bytes = std::string_view("one session").size();
        const std::vector<std::string> events(
            12, std::string((*outlet)->limits().raw_bytes - key_bytes, 'x'));
        const WriteResult all = written(**outlet, events);
        QVERIFY(all.how == Written::Yes && all.too_large.empty());
        QCOMPARE(records_in("small"), events.size());
    }

    void topics_that_would_lose_events_are_not_written_to() {
        VERIFY_OK(m_tool->create_topic("tiny", 1, {{"max.message.bytes", "10000"}}));
        VERIFY_OK(m_tool->create_topic("last", 1, {{"cleanup.policy", "compact"}}));
        for (const char* unfit : {"tiny", "last"}) {
            const auto outlet = open(unfit, "letters");
            QVERIFY(!outlet);
            QVERIFY(outlet.error().code == ErrorCode::Config);
            QVERIFY(!outlet.error().advice.empty());
        }
    }

    void a_record_that_is_too_large_after_all_takes_no_other_along() {
        VERIFY_OK(m_tool->create_topic("shrinks", 1));
        auto outlet = open("shrinks", "letters");
        VERIFY_OK(outlet);
        VERIFY_OK(m_tool->configure("shrinks", {{"max.message.bytes", "100000"}}));
        const std::string small(1'000, 's'), large(150'000, 'l');
        const WriteResult result = written(**outlet, {small, large, small, large, small});
        QVERIFY(result.how == Written::Yes);
        QCOMPARE(result.too_large, (std::vector<std::size_t>{1, 3}));
        QCOMPARE(records_in("shrinks"), std::size_t{3});
        QVERIFY((*outlet)->flush(10s));
        QCOMPARE((*outlet)->stats().records, std::size_t{0});
        const WriteResult after = written(**outlet, {small});
        QVERIFY(after.how == Written::Yes && after.too_large.empty());
    }
};

QTEST_GUILESS_MAIN(TestOutlet)
#include "tst_outlet.moc"
