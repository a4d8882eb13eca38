from flask.testing import FlaskClient
from app.db.engine import Database
from sqlalchemy import text

def test_x(client: FlaskClient) -> None:
    for u in ["/nl/","/en/send/nl/ma?pay=200","/nl/price/1?pay=200","/nl/how-we-work","/nl/send/nl/ph?pay=200","/nl/send/nl/ma?pay=abc","/nl/send/nl/ma?pay=1000","/xx"]:
        client.get(u)

def test_db(database: Database) -> None:
    with database.reading() as s:
        assert s.execute(text("select 1")).scalar()==1

def test_site(site: str, browser) -> None:
    p=browser.new_page(); p.goto(site+"/nl/"); assert "Huiswaarts" in p.title(); p.close()
