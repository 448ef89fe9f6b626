// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QtTest>

#include "connectors/kafka/admin/broker_versions.h"
#include "connectors/kafka/admin/clock_offset.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

#include <atomic>
#include <thread>

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int produce = 0;
constexpr int fetch = 1;
constexpr int list_offsets = 2;

/// What Kafka 3.9 takes, as its ApiVersions tell, of what is looked at.
RequestVersions three_nine() {
    return {{produce, 11}, {fetch, 17}, {list_offsets, 9}, {3, 12}, {9, 9},
            {11, 9},       {16, 5},     {24, 5},           {35, 4}};
}

} // namespace

/// Which release a broker is, and how its clock goes: things that Kafka does not tell.
class TestBrokerVersions : public QObject {
    Q_OBJECT
    KafkaBroker& m_broker = KafkaBroker::shared();

  private Q_SLOTS:
    void a_release_is_told_by_the_newest_of_its_requests() {
        const ReleaseRange range = release_of(three_nine());
        QCOMPARE(range.from, std::string("3.9"));
        QCOMPARE(range.before, std::string("4.0"));
        QVERIFY(!range.mixed);
    }
    void releases_that_cannot_be_told_apart_are_a_range() {
        RequestVersions versions = three_nine();
        versions[produce] = 9;
        versions[fetch] = 13;
        versions[list_offsets] = 7;
        versions[24] = 3;
        const ReleaseRange range = release_of(versions); // 3.4 takes no more than 3.3
        QCOMPARE(range.from, std::string("3.3"));
        QCOMPARE(range.before, std::string("3.5"));
    }
    void what_is_newer_than_all_that_is_known_has_no_end() {
        const ReleaseRange range = release_of({{produce, 99},
                                               {fetch, 99},
                                               {list_offsets, 99},
                                               {3, 99},
                                               {9, 99},
                                               {11, 99},
                                               {16, 99},
                                               {24, 99},
                                               {35, 99}});
        QVERIFY(!range.from.empty() && range.before.empty() && !range.mixed);
    }
    void a_server_that_takes_the_new_but_not_the_old_is_no_plain_kafka() {
        RequestVersions versions = three_nine();
        versions.erase(24); // no transactions
        const ReleaseRange range = release_of(versions);
        QCOMPARE(range.from, std::string("3.5"));
        QVERIFY(range.mixed);
    }
    void a_server_that_takes_nothing_known_is_older_than_all() {
        const ReleaseRange range = release_of({});
        QVERIFY(range.from.empty() && !range.before.empty());
    }

    void a_real_broker_is_told_by_each_way_to_it() {
        for (const Listener door : {Listener::Plaintext, Listener::Ssl, Listener::SaslSsl}) {
            const auto cluster = Cluster::open(
                m_broker.connection(door), [](const SecretRef& secret) -> Result<std::string> {
                    return std::string(qgetenv(secret.text.substr(4).c_str()));
                });
            VERIFY_OK(cluster);
            const auto versions = ask_versions(**cluster, 30s);
            VERIFY_OK(versions);
            QCOMPARE(versions->answered.size(), std::size_t{1});
            QVERIFY(!versions->silence());
            QCOMPARE(versions->answered.front().broker, m_broker.address(door));
            const ReleaseRange range = release_of(versions->answered.front().requests);
            QCOMPARE(range.from, m_broker.version().substr(0, 3));
            QVERIFY(!range.mixed);
        }
    }

    void the_brokers_clock_is_enclosed_by_ours() {
        KafkaTool tool(m_broker);
        const std::string topic = unique_name("stamped");
        VERIFY_OK(tool.create_topic(topic, 1, {{"message.timestamp.type", "LogAppendTime"}}));
        std::atomic<bool> enough{false};
        std::thread writer([&] { // its own times are from 2001: they must not be believed
            while (!enough)
                if (!tool.write(topic, {{.value = "x", .timestamp_ms = 1'000'000'000'000}}))
                    return;
        });
        const auto cluster = Cluster::open(m_broker.connection(), {}).value();
        const auto offset = measure_clock(cluster, {topic}, 30s);
        enough = true;
        writer.join();
        QVERIFY(offset);
        // Both run on this computer: the truth is 0.
        QVERIFY2(offset->least_us <= 0 && offset->most_us >= 0,
                 qPrintable(QString::number(offset->least_us) + QLatin1Char(' ') +
                            QString::number(offset->most_us)));
        // Another test's group may commit meanwhile: then that topic has told, as well.
        QVERIFY2(offset->topic == topic || offset->topic == "__consumer_offsets",
                 offset->topic.c_str());
        QVERIFY(offset->records > 0);
    }
    void times_that_producers_set_tell_nothing_of_it() {
        KafkaTool tool(m_broker);
        const std::string topic = unique_name("unstamped");
        VERIFY_OK(tool.create_topic(topic));
        const auto cluster = Cluster::open(m_broker.connection(), {}).value();
        std::atomic<bool> enough{false};
        std::thread writer([&] {
            while (!enough)
                if (!tool.write(topic, {{.value = "x", .timestamp_ms = 1'000'000'000'000}}))
                    return;
        });
        const auto offset = measure_clock(cluster, {topic}, 1s);
        enough = true;
        writer.join();
        QVERIFY(!offset || offset->topic == "__consumer_offsets");
    }
};

QTEST_GUILESS_MAIN(TestBrokerVersions)
#include "tst_broker_versions.moc"
