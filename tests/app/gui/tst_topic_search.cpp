// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window threads
// A search from the window: over what is in memory and over the topics, on the embedded cluster.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>
#include <sys/resource.h>

#include "app/gui/topic_search.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"
#include "models/live/live_feed.h"
#include "models/live/row_reader.h"
#include "tests/support/stranger.h"

using namespace weir;
using namespace std::chrono_literals;

class TopicSearchTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void an_empty_topic_is_searched_to_its_end();
    void what_does_not_fit_into_memory_goes_to_a_file();
    void a_full_disk_ends_the_search_and_is_said();
    void what_does_not_fit_ends_the_search_and_is_said();
    void matches_keep_the_size_they_were_read_with();
    void it_says_what_it_will_read_and_waits_to_be_started();
    void the_oldest_come_first_if_they_are_wanted_first();
    void one_that_is_not_started_can_be_given_up();
    void a_search_that_nobody_answers_is_in_nobodys_way_and_can_be_given_up();
};

void TopicSearchTest::an_empty_topic_is_searched_to_its_end() {
    Workspace workspace;
    workspace.name = "Shop";
    kafka::ConnectionOptions connection;
    connection.name = "sandbox";
    connection.bootstrap = "embedded";
    connection.environment = kafka::Environment::Sandbox;
    workspace.connections.push_back(connection);
    workspace.watch.push_back({"sandbox", {"raw_events"}, {}});
    Result<std::unique_ptr<Session>> opened = Session::open(workspace);
    QVERIFY(opened.ok());
    const std::shared_ptr<Session> session = *std::move(opened);
    const auto cluster = session->cluster("sandbox");
    QVERIFY(cluster.ok());
    auto filter = Filter::parse("type == \"purchase\"", Micros::now());
    QVERIFY(filter.ok());
    TopicSearch search(session, *cluster, {{"raw_events"}, *std::move(filter)}, {}, {});
    QTRY_VERIFY_WITH_TIMEOUT(search.plan().has_value(), 30'000);
    QCOMPARE(search.plan()->records_at_most, 0U);
    search.start(SearchOrder::NewestFirst);
    QTRY_VERIFY_WITH_TIMEOUT(search.status().finished, 30'000);
    QVERIFY2(search.status().complete, qPrintable(search.status().line));
    QVERIFY(!search.status().error);
    QCOMPARE(search.results().front()->rows_absorbed, 0U);
}

namespace {

/// A thousand purchases, "n":0 to "n":999, in two partitions; or, masked, these values in the
/// first.
struct Shop {
    std::unique_ptr<kafka::EmbeddedCluster> broker;
    std::shared_ptr<Session> session;
    std::shared_ptr<kafka::Cluster> cluster;
    std::shared_ptr<const Filter> wanted = Filter::parse("", Micros::now()).value();

    explicit Shop(const std::vector<std::string>& masked = {}) {
        broker = kafka::EmbeddedCluster::start({{"raw_events", 2}}).value();
        const auto ticket = kafka::prove_sandbox(broker->connection(), {}, 10s);
        auto producer = kafka::Producer::open(ticket.value(), {}, 10s).value();
        std::int64_t sent = 0;
        const auto send = [&](int partition, const std::string& value) {
            kafka::OutRecord record;
            record.topic = "raw_events";
            record.partition = partition;
            record.value = value;
            record.timestamp = Micros(1'795'226'400'000'000 + sent++ * 1'000'000);
            QVERIFY(producer->send(record).ok());
        };
        for (const std::string& value : masked)
            send(0, value);
        for (int i = 0; i < 1'000 && masked.empty(); ++i)
            send(i % 2, R"({"event_type":"purchase","n":)" + std::to_string(i) + "}");
        QVERIFY(producer->flush(20s).ok());
        Workspace workspace;
        workspace.name = "Shop";
        workspace.connections.push_back(broker->connection("sandbox"));
        workspace.masking.policy = masked.empty() ? MaskingPolicy::None : MaskingPolicy::Detectors;
        session = Session::open(workspace).value();
        cluster = session->cluster("sandbox").value();
    }
    std::unique_ptr<TopicSearch> planned(const TopicSearch::Limits& limits = {}) const {
        return std::make_unique<TopicSearch>(
            session, cluster, TopicSearch::Wanted{{"raw_events"}, wanted, false, 500},
            std::vector<std::shared_ptr<const LaneSnapshot>>{}, limits);
    }
    std::unique_ptr<TopicSearch> search(const TopicSearch::Limits& limits) const {
        auto made = planned(limits);
        made->start(SearchOrder::NewestFirst);
        return made;
    }
};

} // namespace

void TopicSearchTest::what_does_not_fit_into_memory_goes_to_a_file() {
    const Shop shop;
    const QTemporaryDir folder;
    const auto search =
        shop.search({.memory_bytes = 64'000, .folder = folder.path().toStdString()});
    auto feed = LiveFeed::start(
        {.vocabulary = shop.session->vocabulary(),
         .rules = {.disclosure = shop.session->disclosure("sandbox"),
                   .decoders = [&] { return shop.session->make_decoder("sandbox"); }}});
    const auto shown = [&] { // as the view does it, tick by tick
        feed->offer(search->results());
        return search->status().finished && feed->snapshot()->matched() == 1'000;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shown(), 30'000);
    QVERIFY2(search->status().complete, qPrintable(search->status().line));
    QVERIFY2(search->status().line.endsWith(QStringLiteral("of the results on disk")),
             qPrintable(search->status().line));
    QVERIFY(QDir(folder.path()).isEmpty()); // it has no name: nothing is left behind

    std::set<std::string> values;
    std::size_t in_memory = 0;
    const auto rows = feed->snapshot();
    for (std::uint64_t i = 0; i < rows->matched(); ++i) {
        const RowRef ref = rows->rows.at(i);
        const auto& segment = rows->segment(ref);
        values.emplace(segment->value(ref.row));
        in_memory += segment->lies_in_file() ? 0 : 1;
    }
    QCOMPARE(values.size(), std::size_t{1'000});
    QVERIFY2(in_memory < 700, qPrintable(QString::number(in_memory)));
    const auto token = feed->set_filter(Filter::parse("n == 3 or n == 996", Micros::now()).value());
    const auto narrowed = [&] {
        const auto now = feed->snapshot();
        return now->filter_token == token && !now->scanning && now->matched() == 2;
    };
    QTRY_VERIFY_WITH_TIMEOUT(narrowed(), 30'000);
}

void TopicSearchTest::what_does_not_fit_ends_the_search_and_is_said() {
    const Shop shop;
    const auto few = shop.search({.rows = 100});
    QTRY_VERIFY_WITH_TIMEOUT(few->status().finished, 30'000);
    QVERIFY(!few->status().complete);
    QVERIFY2(few->status().line.startsWith(QStringLiteral("stopped at 100 matches")),
             qPrintable(few->status().line));
    QCOMPARE(few->results().front()->rows_absorbed, 100U);

    const auto small = shop.search({.memory_bytes = 20'000, .disk_bytes = 40'000});
    QTRY_VERIFY_WITH_TIMEOUT(small->status().finished, 30'000);
    QVERIFY(!small->status().complete);
    QVERIFY2(small->status().line.contains(QStringLiteral("than the disk space set aside for it")),
             qPrintable(small->status().line));
    QVERIFY(small->results().front()->rows_absorbed < 800);

    const auto all = shop.search({});
    QTRY_VERIFY_WITH_TIMEOUT(all->status().finished, 30'000);
    QVERIFY2(all->status().complete, qPrintable(all->status().line));
    QVERIFY(!all->status().line.contains(QStringLiteral("on disk")));
    QCOMPARE(all->results().front()->rows_absorbed, 1'000U);
}

void TopicSearchTest::a_full_disk_ends_the_search_and_is_said() {
    const Shop shop;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit tight{40'000, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto search = shop.search({.memory_bytes = 20'000});
    const auto finished = [&] { return search->status().finished; };
    QTRY_VERIFY_WITH_TIMEOUT(finished(), 30'000);
    ::setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(!search->status().complete);
    QVERIFY2(search->status().line.contains(QStringLiteral("writing the results to disk")),
             qPrintable(search->status().line));
    const auto lane = search->results().front(); // what was found before is there
    QVERIFY(lane->rows_absorbed > 100 && lane->rows_absorbed < 1'000);
    std::uint64_t rows = 0;
    for (std::size_t i = 0; i < lane->segments.size(); ++i)
        rows += lane->rows_in(i);
    QCOMPARE(rows, lane->rows_absorbed);
}

void TopicSearchTest::matches_keep_the_size_they_were_read_with() {
    const std::string person =
        R"({"event_type":"signup","session_id":"s","email":"jane.doe@example.org"})";
    const std::string call = R"({"type":"track","event":"x","messageId":"m-1","userId":"u-1"})";
    const std::string broken = R"({"event_type":"signup", "n": tru})";
    const Shop shop({person, R"({"batch":[)" + call + "," + call + "]}", broken});
    const auto search = shop.search({});
    QTRY_VERIFY_WITH_TIMEOUT(search->status().finished, 30'000);
    const auto lane = search->results().front();
    QCOMPARE(lane->rows_absorbed, 4U);
    const auto segment = lane->segments.front();
    RowReader reader(shop.session->vocabulary(), shop.session->disclosure("sandbox"),
                     RowReader::Style::Whole);
    reader.set_columns({{ColumnSpec::Kind::RecordOffset, {}},
                        {ColumnSpec::Kind::EventSize, {}},
                        {ColumnSpec::Kind::Dimension, "type"}});
    std::map<std::string, TableRow> by_place;
    for (std::uint32_t row = 0; row < segment->size(); ++row) {
        const TableRow read = reader.read(*segment, row);
        const StoredRow& stored = segment->row(row);
        by_place[read.cells[0] + (stored.in_batch ? "." + std::to_string(stored.ordinal) : "")] =
            read;
    }
    const auto says = [&](const std::string& place, const std::string& value, const char* type) {
        const TableRow& row = by_place[place];
        QVERIFY2(row.masked, place.c_str());
        QCOMPARE(row.cells.at(1), std::to_string(value.size()));
        QVERIFY2(row.cells.at(2) == type, (place + ": " + row.cells.at(2)).c_str());
    };
    says("0", person, "signup");
    says("1.0", call, "x");
    says("1.1", call, "x");
    says("2", broken, "");
    JsonTape tape;
    QVERIFY(!tape.parse(broken));
    for (std::uint32_t row = 0; row < segment->size(); ++row)
        if (segment->row(row).offset == 2)
            QCOMPARE(segment->as_read(row)->json_error.offset, tape.error().offset);
}

void TopicSearchTest::it_says_what_it_will_read_and_waits_to_be_started() {
    const Shop shop;
    const auto search = shop.planned();
    QTRY_VERIFY_WITH_TIMEOUT(search->plan().has_value(), 30'000);
    const LiveSearchPlan plan = *search->plan();
    QCOMPARE(plan.partitions, std::size_t{2});
    QCOMPARE(plan.records_at_most, 1'000U);
    QCOMPARE(plan.bytes_estimate, 500'000U);
    QVERIFY(plan.estimate_us > 0 && plan.assumed.isEmpty());
    QVERIFY(!search->status().finished);
    QCOMPARE(search->results().front()->rows_absorbed, 0U);
    search->start(SearchOrder::NewestFirst);
    QTRY_VERIFY_WITH_TIMEOUT(search->status().finished, 30'000);
    QVERIFY2(search->status().complete, qPrintable(search->status().line));
    QCOMPARE(search->results().front()->rows_absorbed, 1'000U);
}

void TopicSearchTest::the_oldest_come_first_if_they_are_wanted_first() {
    const Shop shop;
    for (const SearchOrder order : {SearchOrder::OldestFirst, SearchOrder::NewestFirst}) {
        const auto search = shop.planned();
        search->start(order); // before the plan is known
        auto feed = LiveFeed::start({.vocabulary = shop.session->vocabulary(),
                                     .rules = {.disclosure = shop.session->disclosure("sandbox")}});
        const auto all_shown = [&] {
            feed->offer(search->results());
            return search->status().finished && feed->snapshot()->matched() == 1'000;
        };
        QTRY_VERIFY_WITH_TIMEOUT(all_shown(), 30'000);
        std::vector<std::int64_t> times;
        const auto rows = feed->snapshot();
        for (std::uint64_t i = 0; i < rows->matched(); ++i) {
            const RowRef ref = rows->rows.at(i);
            times.push_back(rows->segment(ref)->row(ref.row).record_time_us);
        }
        if (order == SearchOrder::NewestFirst)
            std::reverse(times.begin(), times.end());
        QVERIFY(std::is_sorted(times.begin(), times.end()));
        QVERIFY(times.front() < times.back());
    }
}

void TopicSearchTest::one_that_is_not_started_can_be_given_up() {
    const Shop shop;
    const auto search = shop.planned();
    QTRY_VERIFY_WITH_TIMEOUT(search->plan().has_value(), 30'000);
    search->cancel();
    QVERIFY(search->status().finished && !search->status().complete);
    QCOMPARE(search->status().line, QStringLiteral("cancelled before anything was read"));
}

void TopicSearchTest::a_search_that_nobody_answers_is_in_nobodys_way_and_can_be_given_up() {
    const test::Stranger silent;
    Workspace workspace;
    kafka::ConnectionOptions connection;
    connection.name = "silent";
    connection.bootstrap = silent.address();
    workspace.connections.push_back(connection);
    const std::shared_ptr<Session> session = Session::open(workspace).value();
    const auto cluster = session->cluster("silent").value();
    std::vector<std::unique_ptr<TopicSearch>> searches;
    const std::shared_ptr<const Filter> everything = Filter::parse("", Micros::now()).value();
    for (int i = 0; i < QThread::idealThreadCount() + 1; ++i)
        searches.push_back(std::make_unique<TopicSearch>(
            session, cluster, TopicSearch::Wanted{{"raw_events"}, everything},
            std::vector<std::shared_ptr<const LaneSnapshot>>{}, TopicSearch::Limits{}));
    QTRY_VERIFY_WITH_TIMEOUT(silent.calls() > 0, 10'000);
    for (const auto& search : searches) {
        QVERIFY2(!search->status().finished, qPrintable(search->status().line));
        search->cancel();
        QVERIFY(search->status().finished && !search->status().complete);
        QCOMPARE(search->status().line, QStringLiteral("cancelled before anything was read"));
        QVERIFY(!search->status().error);
    }
}

QTEST_GUILESS_MAIN(TopicSearchTest)
#include "tst_topic_search.moc"
