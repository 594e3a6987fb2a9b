# One image for all of Refrain's own services in docker-compose.yml; alone, it runs all of them on SQLite.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 REFRAIN_DATA=/data
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN useradd --system --create-home refrain && install -d -o refrain -g refrain /data

USER refrain
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "up"]
