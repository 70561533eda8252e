DROP TABLE IF EXISTS address_book;
