package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

final class DatabaseAddressTest {
    @Test
    void bothFormsAreRead() {
        assertEquals(
                new DatabaseAddress("jdbc:postgresql://db.example:5433/hone?sslmode=require", "me", "p@ss+:"),
                DatabaseAddress.parse("postgresql://me:p%40ss+:@db.example:5433/hone?sslmode=require"));
        assertEquals(
                new DatabaseAddress("jdbc:postgresql://host/x?user=u&password=secret", "", ""),
                DatabaseAddress.parse(" jdbc:postgresql://host/x?user=u&password=secret "));
    }

    @Test
    void passwordsAreNeverShown() {
        assertFalse(DatabaseAddress.parse("jdbc:postgresql://host/x?user=u&password=secret")
                .shown()
                .contains("secret"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> DatabaseAddress.parse("mysql://me:secret@host/x"))
                .getMessage();
        assertFalse(message.contains("secret"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://host/x",
                "host",
                "postgresql://",
                "postgresql://host",
                "postgresql://me:a/b@host/x",
                "://"
            })
    void whatIsNoAddressIsRefusedWithTheForms(String url) {
        String message = assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse(url))
                .getMessage();
        assertTrue(message.contains("HONE_DB_URL is [") && message.contains("expected postgresql://"), message);
    }

    @Test
    void aServerThatVanishesIsNotWaitedForForEver() {
        PGSimpleDataSource source =
                Database.source(DatabaseAddress.parse("postgresql://me:secret@db.example.com/hone"));
        assertEquals(600, source.getSocketTimeout());
        assertTrue(source.getTcpKeepAlive());
        assertTrue(source.getConnectTimeout() > 0);
        PGSimpleDataSource told = Database.source(DatabaseAddress.parse(
                "postgresql://db.example.com/hone?socketTimeout=5&tcpKeepAlive=false&connectTimeout=3"));
        assertEquals(5, told.getSocketTimeout());
        assertFalse(told.getTcpKeepAlive());
        assertEquals(3, told.getConnectTimeout());
    }

    /** Who still drains while the process ends has its database until it says that it is done. */
    @Test
    void whatIsLeftToAnOwnerIsOpenAtTheEnd() throws Exception {
        Database owned = TestDatabase.another();
        owned.leaveToOwner();
        owned.atTheEnd();
        assertEquals(Project.DEFAULT, new Projects(owned).all().getFirst().name());
        owned.close();
        Database other = TestDatabase.another();
        other.atTheEnd();
        assertThrows(RuntimeException.class, () -> new Projects(other).all());
    }
}
