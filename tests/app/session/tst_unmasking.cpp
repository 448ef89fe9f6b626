// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include "app/session/session.h"
#include "connectors/store/audit_store.h"

using namespace weir;

namespace {

Workspace workspace(const std::vector<RoleSpec>& roles) {
    Workspace workspace;
    workspace.name = "Shop";
    kafka::ConnectionOptions connection;
    connection.name = "prod-kafka";
    connection.bootstrap = "127.0.0.1:1";
    workspace.connections.push_back(connection);
    workspace.contracts.folder = "demo";
    workspace.contracts.built_in = true;
    workspace.roles = roles;
    return workspace;
}

RoleSpec role(std::vector<std::string> members) {
    return {"data protection", std::move(members), {RoleSpec::Right::Unmask}, {}};
}

std::unique_ptr<Session> opened(const Workspace& workspace) {
    auto session = Session::open(workspace);
    if (!session)
        qFatal("%s", session.error().text().c_str());
    return *std::move(session);
}

} // namespace

class TestUnmasking : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string trail() const { return m_folder.filePath(QStringLiteral("audit")).toStdString(); }

  private Q_SLOTS:
    void init() {
        QFile::remove(QString::fromStdString(trail()));
        qputenv("WEIR_AUDIT", QByteArray::fromStdString(trail()));
    }

    void who_may_is_shown_everything_and_recorded() {
        const auto session = opened(workspace({role({login_name()})}));
        QCOMPARE(session->disclosure("prod-kafka")->name(), std::string_view("contracts"));
        const std::uint64_t before = session->disclosure_revision();
        const auto done = session->unmask("prod-kafka", "  ticket 4711: no orders since noon ");
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().text().c_str());
        QVERIFY(!session->disclosure("prod-kafka")->masks());
        QVERIFY(session->disclosure_revision() != before);
        QCOMPARE(session->unmasking("prod-kafka")->role, std::string("data protection"));
        const auto entries = (*store::AuditStore::open_read_only(trail()))->newest(10);
        QCOMPARE(entries->size(), 1U);
        QCOMPARE(entries->at(0).reason, std::string("ticket 4711: no orders since noon"));
        QCOMPARE(entries->at(0).subject, std::string("prod-kafka"));
        QCOMPARE(entries->at(0).action, std::string("unmask"));
        QVERIFY(entries->at(0).who.find(login_name() + "@") == 0);

        QVERIFY(record_unmasked_export(session->workspace(), *session->unmasking("prod-kafka"),
                                       "/tmp/a.ndjson", 42)
                    .ok());
        const auto exported = (*store::AuditStore::open_read_only(trail()))->newest(1)->at(0);
        QCOMPARE(exported.action, std::string("export"));
        QCOMPARE(exported.reason, entries->at(0).reason);
        QVERIFY2(exported.details.find("\"file\":\"/tmp/a.ndjson\",\"events\":42") !=
                     std::string::npos,
                 exported.details.c_str());

        const auto ended = session->mask_again("prod-kafka");
        QVERIFY(session->mask_again("prod-kafka") == nullptr); // there is none any more
        QVERIFY(record_masked_again(session->workspace(), *ended).ok());
        const auto trail_now = *store::AuditStore::open_read_only(trail());
        const auto both = trail_now->newest(10);
        QCOMPARE(both->size(), 3U);
        QCOMPARE(both->at(0).action, std::string("mask"));
        QCOMPARE(both->at(0).subject, std::string("prod-kafka"));
        QCOMPARE(both->at(0).reason, both->at(1).reason);
        QVERIFY(both->at(0).time.value() >= both->at(1).time.value());
        QVERIFY(trail_now->verify().ok());
        QVERIFY(session->disclosure("prod-kafka")->masks());
        QVERIFY(session->unmasking("prod-kafka") == nullptr);
    }

    void who_may_not_is_told_what_to_do() {
        for (const auto& roles : {std::vector<RoleSpec>{}, std::vector{role({"somebody-else"})}}) {
            const auto session = opened(workspace(roles));
            const auto refused = session->unmask("prod-kafka", "ticket 4711: no orders");
            QVERIFY(!refused.ok());
            QVERIFY(refused.error().code == ErrorCode::Refused);
            QVERIFY(refused.error().text().find(login_name()) != std::string::npos);
            QVERIFY(refused.error().advice.find("/roles") != std::string::npos);
            QVERIFY(session->disclosure("prod-kafka")->masks());
        }
        QVERIFY(!QFile::exists(QString::fromStdString(trail())));
    }

    void without_a_reason_nothing_is_shown() {
        const auto session = opened(workspace({role({"*"})}));
        QVERIFY(!session->unmask("prod-kafka", "   why   ").ok());
        QVERIFY(!session->unmask("prod-kafka", "a 1").ok());
        QVERIFY(session->disclosure("prod-kafka")->masks());
        QVERIFY(session->unmask("prod-kafka", "INC-417").ok()); // the number of a ticket
    }

    void what_cannot_be_recorded_is_not_shown() {
        qputenv("WEIR_AUDIT", "/proc/nowhere/audit.sqlite");
        const auto session = opened(workspace({role({"*"})}));
        QVERIFY(!session->unmask("prod-kafka", "ticket 4711: no orders").ok());
        QVERIFY(session->disclosure("prod-kafka")->masks());
    }

    void tokens_need_a_key_that_is_kept_elsewhere() {
        Workspace shop = workspace({});
        QVERIFY(opened(shop)->tokenised("prod-kafka").error().code == ErrorCode::Config);
        shop.masking.token_key.text = "env:WEIR_TEST_TOKEN_KEY";
        qunsetenv("WEIR_TEST_TOKEN_KEY");
        QVERIFY(!opened(shop)->tokenised("prod-kafka").ok());
        qputenv("WEIR_TEST_TOKEN_KEY", "short");
        QVERIFY(!opened(shop)->tokenised("prod-kafka").ok());
        qputenv("WEIR_TEST_TOKEN_KEY", "0123456789abcdef0123456789abcdef");
        const auto tokens = opened(shop)->tokenised("prod-kafka");
        QVERIFY(tokens.ok());
        QVERIFY((*tokens)->masks());
        // Tokens are asked for by somebody who hands events on: what is shown here is not.
        shop.masking.policy = MaskingPolicy::None;
        QVERIFY((*opened(shop)->tokenised("prod-kafka"))->masks());
    }

    void each_environment_has_its_policy() {
        Workspace shop = workspace({});
        const auto policy = [&](kafka::Environment environment) {
            shop.connections[0].environment = environment;
            return opened(shop)->disclosure("prod-kafka");
        };
        QVERIFY(policy(kafka::Environment::Production)->detects());
        QVERIFY(policy(kafka::Environment::Staging)->detects());
        QCOMPARE(policy(kafka::Environment::Sandbox)->name(), std::string_view("none"));
        shop.masking.environments[kafka::Environment::Sandbox] = MaskingPolicy::Contracts;
        QCOMPARE(policy(kafka::Environment::Sandbox)->name(), std::string_view("contracts"));
        QVERIFY(!policy(kafka::Environment::Sandbox)->detects());
        shop.masking.environments[kafka::Environment::Production] = MaskingPolicy::Detectors;
        QCOMPARE(policy(kafka::Environment::Production)->name(), std::string_view("detectors"));
    }
};

QTEST_APPLESS_MAIN(TestUnmasking)
#include "tst_unmasking.moc"
