// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// One event, opened: tree and headers under Qt's own model test, big payloads, odd ones.
#include <QAbstractItemModelTester>
#include <QtTest>

#include <atomic>

#include "models/live/event_detail.h"
#include "models/live/headers_model.h"
#include "models/live/json_tree_model.h"
#include "models/live/violation_model.h"
#include "tests/support/gated_decoder.h"
#include "tests/support/live_world.h"

using namespace weir;

namespace {

/// An array of small objects of about that many bytes.
std::string big_json(std::size_t bytes) {
    std::string text = "{\"items\":[";
    for (int i = 0; text.size() < bytes; ++i)
        text += (i > 0 ? "," : "") + std::string(R"({"sku":"a-)") + std::to_string(i) +
                R"(","price":23958446825181076828,"tags":["x","y"]})";
    return text + "]}";
}

const char* const odd_json = "{\"id\":-7210194211959421178,\"n\":1e2,\"s\":\"<b>\\\"x\\\"</b>\","
                             "\"deep\":{\"list\":[1,[true,null]]},\"id\":2}";

struct Opened {
    LiveWorld world;
    std::atomic<int> ready{0};
    std::unique_ptr<EventLoader> loader;

    explicit Opened(const LiveWorldEvent& event,
                    std::shared_ptr<const DisclosurePolicy> policy = DisclosurePolicy::none(),
                    std::shared_ptr<const ContractSet> contracts = nullptr) {
        world.put(0, {event});
        std::unique_ptr<EventChecker> checker;
        if (contracts) {
            ContractsSpec spec;
            spec.folder = "demo";
            checker = std::make_unique<EventChecker>(std::move(contracts), spec, world.vocabulary(),
                                                     DialectSet::built_in());
        }
        loader = std::make_unique<EventLoader>(world.vocabulary(), std::move(policy), nullptr,
                                               std::move(checker), [this] { ++ready; });
        loader->load(world.snapshots()[0]->segments[0], 0);
    }
};

QModelIndex child(const JsonTreeModel& model, const QModelIndex& parent, const char* name) {
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        if (index.data(JsonTreeModel::NameRole).toString() == QLatin1String(name))
            return index;
    }
    return {};
}

} // namespace

class TestEventDetail : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void the_tree_shows_values_as_they_are_written() {
        Opened opened({.value = odd_json});
        QTRY_COMPARE(opened.ready.load(), 1);
        JsonTreeModel model;
        model.setDetail(opened.loader->detail());
        const QModelIndex root = model.index(0, 0);
        QVERIFY(model.canFetchMore(root));
        // The tester itself fetches while a reset is under way: it joins behind it.
        const QAbstractItemModelTester tester(&model);
        model.fetchMore(root);
        QCOMPARE(model.rowCount(root), 5); // a duplicate key stays
        QCOMPARE(child(model, root, "id").data(JsonTreeModel::ValueRole).toString(),
                 QStringLiteral("-7210194211959421178"));
        QCOMPARE(child(model, root, "n").data(JsonTreeModel::ValueRole).toString(),
                 QStringLiteral("1e2"));
        QCOMPARE(child(model, root, "s").data(JsonTreeModel::ValueRole).toString(),
                 QStringLiteral("\"<b>\\\"x\\\"</b>\""));
        const QModelIndex deep = child(model, root, "deep");
        model.fetchMore(deep);
        const QModelIndex list = child(model, deep, "list");
        model.fetchMore(list);
        QCOMPARE(model.rowCount(list), 2);
        QCOMPARE(model.index(0, 0, list).data(JsonTreeModel::PathRole).toString(),
                 QStringLiteral("deep.list[0]"));
        QCOMPARE(model.index(1, 0, list).data(JsonTreeModel::PointerRole).toString(),
                 QStringLiteral("/deep/list/1"));
        model.setDetail(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void it_is_opened_on_another_thread_that_nobody_waits_for() {
        const auto gate = std::make_shared<test::Gate>();
        gate->close();
        LiveWorld world;
        world.put(0, {{.offset = 1, .value = big_json(1u << 20)}, {.offset = 2, .value = "{}"}});
        const auto segment = world.snapshots()[0]->segments[0];
        std::atomic<int> ready{0};
        auto loader = std::make_unique<EventLoader>(world.vocabulary(), DisclosurePolicy::none(),
                                                    std::make_unique<test::GatedDecoder>(gate),
                                                    nullptr, [&] { ++ready; });
        loader->load(segment, 0);
        QTRY_COMPARE(gate->waiting(), 1);
        QVERIFY(!loader->detail()); // the caller went on meanwhile
        gate->open();
        QTRY_COMPARE(ready.load(), 1);
        QVERIFY(loader->detail()->is_json);
        gate->close();
        loader->load(segment, 1);
        QTRY_COMPARE(gate->waiting(), 1);
        loader.reset(); // its thread stands before the gate
        QCOMPARE(gate->waiting(), 1);
        gate->open();
        QTRY_COMPARE(gate.use_count(), 1L);
        QCOMPARE(ready.load(), 1); // nobody is there to be told
    }

    void of_twenty_megabytes_no_more_is_made_than_is_asked_for() {
        Opened opened({.value = big_json(20u << 20)});
        QTRY_COMPARE_WITH_TIMEOUT(opened.ready.load(), 1, 30'000);
        QVERIFY(opened.loader->detail()->is_json);
        JsonTreeModel model;
        model.setDetail(opened.loader->detail());
        const QModelIndex root = model.index(0, 0);
        QCOMPARE(model.rowCount(root), 0);
        model.fetchMore(root);
        QCOMPARE(model.rowCount(root), 1);
        const QModelIndex items = model.index(0, 0, root);
        for (int times = 0; times <= 3; ++times) {
            QCOMPARE(model.rowCount(items), times * JsonTreeModel::children_at_once);
            QVERIFY(model.canFetchMore(items));
            model.fetchMore(items);
        }
        QCOMPARE(model.rowCount(model.index(7, 0, items)), 0); // none of what is within them
    }

    void what_is_no_json_says_where_it_ends() {
        Opened opened({.value = R"({"a": tru})"});
        QTRY_COMPARE(opened.ready.load(), 1);
        QVERIFY(!opened.loader->detail()->is_json);
        QVERIFY(opened.loader->detail()->json_error.offset >= 6);
        QVERIFY(std::string(opened.loader->detail()->json_error.what) != "");
    }

    void masked_parts_say_why() {
        Opened opened({.value = R"({"email":"someone@example.org","n":1})"},
                      DisclosurePolicy::built_in_detectors());
        QTRY_COMPARE(opened.ready.load(), 1);
        const auto detail = opened.loader->detail();
        QVERIFY(detail->is_masked);
        QVERIFY(detail->value.find("someone@example.org") == std::string::npos);
        JsonTreeModel model;
        model.setDetail(detail);
        model.fetchMore(model.index(0, 0));
        const QModelIndex email = child(model, model.index(0, 0), "email");
        QVERIFY(!email.data(JsonTreeModel::MaskedRole).toString().isEmpty());
        const QModelIndex number = child(model, model.index(0, 0), "n");
        QVERIFY(number.data(JsonTreeModel::MaskedRole).toString().isEmpty());
    }

    void a_masked_parameter_marks_the_address_it_stands_in() {
        Opened opened(
            {.value = "{\"url\":\"https://x.example/?email=jane%40x.org&page=2\",\"n\":1}"},
            DisclosurePolicy::built_in_detectors());
        QTRY_COMPARE(opened.ready.load(), 1);
        JsonTreeModel model;
        model.setDetail(opened.loader->detail());
        model.fetchMore(model.index(0, 0));
        const QModelIndex url = child(model, model.index(0, 0), "url");
        QCOMPARE(url.data(JsonTreeModel::MaskedRole).toString(), QStringLiteral("email"));
        QCOMPARE(child(model, model.index(0, 0), "n").data(JsonTreeModel::MaskedRole).toString(),
                 QString());
    }

    void a_mistake_in_masked_json_is_where_the_event_has_it() {
        const std::string broken = R"({"name": "Zoë", "n": tru})";
        JsonTape tape;
        QVERIFY(!tape.parse(broken));
        Opened opened({.value = broken}, DisclosurePolicy::built_in_detectors());
        QTRY_COMPARE(opened.ready.load(), 1);
        const auto detail = opened.loader->detail();
        QVERIFY(detail->is_masked && !detail->is_json);
        QCOMPARE(detail->json_error.offset, tape.error().offset);
        QCOMPARE(detail->json_error.what, tape.error().what);
    }

    void violations_are_marked_where_they_are() {
        Opened opened({.value = R"({"event_type":"search","schema_version":2,"event_id":"x",)"
                                R"("properties":{"query":7,"who":"jane@example.com"}})"},
                      DisclosurePolicy::built_in_detectors(), ContractSet::built_in());
        QTRY_COMPARE(opened.ready.load(), 1);
        const auto detail = opened.loader->detail();
        QVERIFY(detail->judged && !detail->violations.empty());
        JsonTreeModel tree;
        tree.setDetail(detail);
        const auto mark = [&](const char* pointer) {
            return tree.indexOf(QString::fromUtf8(pointer))
                .data(JsonTreeModel::ViolationRole)
                .toString();
        };
        QVERIFY2(mark("/event_id").contains(QStringLiteral("expected")),
                 qPrintable(mark("/event_id")));
        QVERIFY(mark("/properties/query").contains(QStringLiteral("expected")));
        QVERIFY(mark("/schema_version").isEmpty());
        // What is missing is told where it should be.
        const QModelIndex root = tree.indexOf(QStringLiteral("/session_id"));
        QCOMPARE(root, tree.index(0, 0));
        QVERIFY(mark("/session_id").contains(QStringLiteral("session_id is missing")));
        QVERIFY(root.data(JsonTreeModel::RefusingRole).toBool());
        ViolationModel list;
        const QAbstractItemModelTester tester(&list);
        list.setDetail(detail);
        QCOMPARE(list.rowCount(), static_cast<int>(detail->violations.size()));
        for (int row = 0; row < list.rowCount(); ++row)
            QVERIFY(!list.index(row).data().toString().contains(QStringLiteral("jane")));
    }

    void a_dead_letter_tells_its_own_violations() {
        Opened opened({.value =
                           R"({"reason":"wrong_type","stage":"collect","pointer":"/price",)"
                           R"("violations":[{"reason":"wrong_type","pointer":"/price",)"
                           "\"expected\":\"a "
                           "number\",\"found\":\"\\\"1\\\"\"}],\"original\":{\"price\":\"1\"}}",
                       .outcome = Outcome::Failed,
                       .reason = "wrong_type"},
                      DisclosurePolicy::none(), ContractSet::built_in());
        QTRY_COMPARE(opened.ready.load(), 1);
        const auto detail = opened.loader->detail();
        QCOMPARE(detail->violations.size(), 1U);
        JsonTreeModel tree;
        tree.setDetail(detail);
        const QModelIndex price = tree.indexOf(QStringLiteral("/price"));
        QCOMPARE(price.data(JsonTreeModel::PointerRole).toString(),
                 QStringLiteral("/original/price"));
        QCOMPARE(price.data(JsonTreeModel::ViolationRole).toString(),
                 QStringLiteral("expected a number"));
    }

    void headers_keep_order_duplicates_and_bytes() {
        Opened opened({.value = "{}",
                       .headers = {{"trace", "abc"},
                                   {"trace", "def"},
                                   {"count", std::string("\x00\x00\x00\x2a", 4)},
                                   {"html", "<b>x</b>"}}});
        QTRY_COMPARE(opened.ready.load(), 1);
        HeadersModel model;
        const QAbstractItemModelTester tester(&model);
        model.setDetail(opened.loader->detail());
        QCOMPARE(model.rowCount(), 4);
        const auto value = [&](int row) {
            return model.index(row, HeadersModel::Value).data().toString();
        };
        QCOMPARE(value(0), QStringLiteral("abc"));
        QCOMPARE(value(1), QStringLiteral("def"));
        QCOMPARE(value(2), QStringLiteral("0x0000002a  (int 42)"));
        QCOMPARE(value(3), QStringLiteral("<b>x</b>"));
    }
};

QTEST_GUILESS_MAIN(TestEventDetail)
#include "tst_event_detail.moc"
