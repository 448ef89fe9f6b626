// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Secrets in a real keychain: GNOME Keyring by the Secret Service. The test runs itself in a
// session of its own, where `--inside` is what it does there.
#include <QCoreApplication>
#include <QtTest>

#include <cstdio>

#include "connectors/secrets/secrets.h"
#include "tests/support/keyring_session.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// A word for the report if `good` is false.
bool held(bool good, const char* word, const std::string& seen) {
    if (!good)
        std::printf("%s: %s\n", word, seen.c_str());
    return good;
}

std::string text_of(const Result<std::string>& result) {
    return result ? *result : result.error().text();
}

int inside() {
    const kafka::SecretRef reference{"keychain:weir/prod-kafka"};
    const auto before = resolve_secret(reference, {});
    bool good =
        held(!before && before.error().code == ErrorCode::NotFound, "empty", text_of(before));
    const std::string first = "pa\xc3\x9fwort with spaces \"and\" quotes";
    const auto stored = store_in_keychain("weir", "prod-kafka", first, 20s);
    good = held(stored.ok(), "stored", stored ? "" : stored.error().text()) && good;
    good = held(text_of(resolve_secret(reference, {})) == first, "first",
                text_of(resolve_secret(reference, {}))) &&
           good;
    const auto other = resolve_secret({"keychain:weir/other"}, {});
    good = held(!other, "another entry", text_of(other)) && good;
    (void)store_in_keychain("weir", "prod-kafka", "second", 20s);
    good = held(text_of(resolve_secret(reference, {})) == "second", "second",
                text_of(resolve_secret(reference, {}))) &&
           good;
    const auto removed = remove_from_keychain("weir", "prod-kafka", 20s);
    good = held(removed.ok(), "removed", removed ? "" : removed.error().text()) && good;
    const auto after = resolve_secret(reference, {});
    good =
        held(!after && after.error().code == ErrorCode::NotFound, "gone", text_of(after)) && good;
    return good ? 0 : 1;
}

} // namespace

class TestKeychain : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_secret_is_kept_changed_and_removed() {
        if (const std::string lacks = keyring_session_lacks(); !lacks.empty())
            QSKIP(("not installed: " + lacks).c_str());
        VERIFY_OK(run_in_keyring_session(
            {QCoreApplication::applicationFilePath().toStdString(), "--inside"}));
    }
};

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    if (argc == 2 && std::string(argv[1]) == "--inside")
        return inside();
    TestKeychain test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keychain.moc"
