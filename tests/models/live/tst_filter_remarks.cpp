// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a filter finds nothing in memory: what is said of paths and of what is masked is true of the
// events that were looked into, however their records hold them.
#include <QtTest>

#include "models/live/filter_remarks.h"
#include "tests/models/live/decoded_rows.h"

using namespace weir;
using test::DecodedRows;

namespace {

using Remarks = std::vector<std::string>;

const std::string masked_text =
    "what is masked here was not searched for the text (its field may be asked whether it exists)";

/// A record with so many sales in a batch; `around` stands beside the batch.
std::string sales(int count, const std::string& around = {}) {
    std::string batch;
    for (int i = 0; i < count; ++i)
        batch += std::string(i > 0 ? "," : "") +
                 "{\"type\":\"track\",\"event\":\"sale\",\"messageId\":\"m\","
                 "\"channel\":\"web\",\"properties\":{\"price\":5}}";
    return "{" + around + "\"batch\":[" + batch + "]}";
}

Remarks remarks(const DecodedRows& rows, const std::string& filter, bool masked = false) {
    const auto decoder = rows.decoder();
    return filter_remarks(
        *Filter::parse(filter, DecodedRows::observed).value(), {rows.store()}, rows.vocabulary,
        masked ? DisclosurePolicy::built_in_detectors() : DisclosurePolicy::none(), decoder.get());
}

} // namespace

class TestFilterRemarks : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_path_is_looked_for_in_the_event_and_not_around_it() {
        for (const int events : {1, 2}) {
            DecodedRows rows;
            rows.add(sales(events), "raw");
            QCOMPARE(remarks(rows, "properties.price > 100"), Remarks{});
            QCOMPARE(remarks(rows, "properties.pirce > 1"),
                     Remarks{"properties.pirce is in none of the " + std::to_string(events) +
                             (events == 1 ? " event" : " events") +
                             " looked into for it; near: properties.price"});
        }
    }

    void a_text_may_stand_in_what_is_masked_around_events() {
        const std::string contact = "\"contact\":\"jane.secret@example.com\",";
        for (const int events : {1, 2}) {
            DecodedRows rows;
            rows.add(sales(events), "raw");
            QCOMPARE(remarks(rows, "\"jane.secret\"", true), Remarks{}); // nothing is masked
            rows.add(sales(events, contact), "raw");
            QCOMPARE(remarks(rows, "\"jane.secret\"", true), Remarks{masked_text});
            QCOMPARE(remarks(rows, "nobody", true), Remarks{masked_text}); // whatever it is
            QCOMPARE(remarks(rows, "\"jane.secret\""), Remarks{});
        }
    }
};

QTEST_GUILESS_MAIN(TestFilterRemarks)
#include "tst_filter_remarks.moc"
