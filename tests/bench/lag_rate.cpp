// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lag of 2,000 partitions in 200 groups, on a real broker: `weir lag` as a process and a warm
// refresh of the window's reader, against Kafka's own tool for the same groups. Prints figures, and
// whether the numbers are equal; decides nothing.
// Usage: lag_rate [GROUPS] [PARTITIONS_A_GROUP]
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <sstream>

#include "connectors/secrets/secrets.h"
#include "models/backlog/backlog_book.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/process.h"
#include "tests/support/source_path.h"

using namespace weir;
using namespace weir::test;

namespace {

using Clock = std::chrono::steady_clock;
constexpr int groups_a_topic = 10;
constexpr int rounds = 5;

/// group, topic and partition → committed, end and lag, as text
using Lags = std::map<std::string, std::string>;

double seconds_of(const std::function<void()>& work) {
    const auto begun = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

template <class T>
T checked(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(3);
    }
    return std::move(result).value();
}

void checked(const Result<void>& result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(3);
    }
}

std::vector<std::string> make_groups(KafkaTool& tool, int groups, int partitions) {
    std::vector<std::string> ids;
    for (int t = 0; t * groups_a_topic < groups; ++t) {
        const std::string topic = "bench-" + std::to_string(t);
        const int total = groups_a_topic * partitions;
        checked(tool.create_topic(topic, total));
        checked(tool.write_many(topic, std::int64_t{3} * total, [&](std::int64_t i) {
            return TestRecord{.value = "some record of the bench",
                              .partition = static_cast<int>(i % total)};
        }));
        for (int g = 0; g < groups_a_topic && t * groups_a_topic + g < groups; ++g) {
            ids.push_back("group-" + std::to_string(t) + "-" + std::to_string(g));
            std::map<int, std::int64_t> offsets;
            for (int p = 0; p < partitions; ++p)
                offsets[g * partitions + p] = (g + p) % 4;
            checked(tool.commit(ids.back(), topic, offsets));
        }
    }
    return ids;
}

Lags by_kafkas_tool(const std::string& printed) {
    Lags lags;
    std::istringstream lines(printed);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string group, topic, partition, committed, end, lag;
        if (words >> group >> topic >> partition >> committed >> end >> lag &&
            topic.rfind("bench-", 0) == 0)
            lags[group + " " + topic + " " + partition] = committed + " " + end + " " + lag;
    }
    return lags;
}

Lags by_weir(const std::string& json) {
    Lags lags;
    const QJsonArray rows = QJsonDocument::fromJson(QByteArray::fromStdString(json))
                                .object()[QStringLiteral("groups")]
                                .toArray();
    const auto number = [](const QJsonObject& row, const char* name) {
        return std::to_string(row[QLatin1String(name)].toInteger());
    };
    for (const QJsonValue& value : rows) {
        const QJsonObject row = value.toObject();
        lags[row[QStringLiteral("group")].toString().toStdString() + " " +
             row[QStringLiteral("topic")].toString().toStdString() + " " +
             number(row, "partition")] =
            number(row, "committed") + " " + number(row, "end") + " " + number(row, "lag_messages");
    }
    return lags;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const int groups = argc > 1 ? std::atoi(argv[1]) : 200;
    const int partitions = argc > 2 ? std::atoi(argv[2]) : 10;
    const auto broker = checked(KafkaBroker::start());
    KafkaTool tool(*broker);
    const std::vector<std::string> ids = make_groups(tool, groups, partitions);

    std::string theirs, ours;
    double theirs_s = 1e9, ours_s = 1e9;
    for (int i = 0; i < 3; ++i) {
        theirs_s = std::min(
            theirs_s, seconds_of([&] {
                theirs = checked(broker->run_tool(
                    "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                    {"--bootstrap-server", broker->address(), "--describe", "--all-groups"}));
            }));
        ours_s = std::min(ours_s, seconds_of([&] {
                              // Exit code 1 is a finding: some groups are read to their end, some
                              // are not.
                              ours = checked(
                                  run({"/bin/sh", "-c",
                                       build_path("app/weir") + " lag -q --json --no-history -b " +
                                           broker->address() + " || [ $? -eq 1 ]"}));
                          }));
    }
    const Lags expected = by_kafkas_tool(theirs);
    const Lags told = by_weir(ours);

    const auto options = broker->connection();
    const auto cluster = checked(kafka::Cluster::open(options, secret_resolver(options.name)));
    GroupReader reader(cluster, std::chrono::seconds(30));
    BacklogBook book;
    checked(reader.list());
    book.absorb(reader.read(ids, GroupReader::Looks::Needed));
    double warm_s = 1e9, judged_s = 1e9;
    for (int i = 0; i < rounds; ++i) {
        std::vector<GroupReading> readings;
        const double read_s =
            seconds_of([&] { readings = reader.read(ids, GroupReader::Looks::Needed); });
        warm_s = std::min(warm_s, read_s);
        judged_s = std::min(judged_s, seconds_of([&] { book.absorb(std::move(readings)); }));
    }
    std::printf("%zu partitions in %d groups, Kafka %s\n", expected.size(), groups,
                broker->version().c_str());
    std::printf("  kafka-consumer-groups  %7.2f s\n", theirs_s);
    std::printf("  weir lag               %7.2f s  (%.1f times as fast), numbers %s\n", ours_s,
                theirs_s / ours_s, expected == told ? "equal" : "DIFFERENT");
    std::printf("  a warm refresh         %7.0f ms, and %.1f ms to judge it\n", warm_s * 1e3,
                judged_s * 1e3);
    return 0;
}
